"""The ledger's tables, and the statements that every submission passes through.

Those are built once: building one anew costs the coordinator more than running it. Parameters of a statement begin with
``the_``, since SQLAlchemy keeps the columns' own names for the values that are set.
"""

from __future__ import annotations

import sqlalchemy as sa

__all__ = [
    "FIGURES",
    "FIND",
    "FINISH",
    "HELD",
    "INSERT",
    "JOB",
    "JOBS",
    "LAST_SEEN",
    "LEASE",
    "META",
    "RENEW",
    "ROW",
    "SCHEMA",
    "TOKEN",
    "TOUCH",
    "JobState",
    "create_tables",
]

SCHEMA = 1
"""Version of the tables; a ledger of a newer one is refused."""


class JobState:
    """States of a row."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    NEEDS_STAFF = "needs-staff"


_metadata = sa.MetaData()
JOBS = sa.Table(
    "jobs",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("assignment", sa.String(120), nullable=False),
    sa.Column("student", sa.String(200), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("suite_hash", sa.String(64), nullable=False),
    sa.Column("grader_version", sa.String(60), nullable=False),
    sa.Column("secret_id", sa.String(16), nullable=False),
    sa.Column("device", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("seen", sa.Integer, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.Column("lease_owner", sa.String(200)),
    sa.Column("lease_token", sa.Integer, nullable=False, default=0),
    sa.Column("lease_until", sa.Float),
    sa.Column("trouble", sa.Text, nullable=False, default=""),
    sa.Column("record", sa.JSON),
    sa.UniqueConstraint(
        "assignment", "student", "digest", "suite_hash", "grader_version", "secret_id", "device", name="one_job"
    ),
    sa.Index("by_state", "assignment", "state"),
)
FIGURES = sa.Table(
    "figures",
    _metadata,
    sa.Column("job_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("owner", sa.String(200)),
    sa.Column("until", sa.Float),
    sa.Column("trouble", sa.Text, nullable=False, default=""),
    sa.Column("executed", sa.JSON),
)
"""What is made after the score: of the result that the lease with this token has left. It changes no record."""

_by_seen = sa.Index("by_seen", JOBS.c.seen)
"""Without it every submission reads the whole ledger to find its place in line."""

META = sa.Table(
    "ledger_meta", _metadata, sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.Integer)
)


def create_tables(connection: sa.Connection) -> None:
    """Create what is missing; a ledger made before `by_seen` gets it, which an older grader does not mind."""
    _metadata.create_all(connection, checkfirst=True)
    _by_seen.create(connection, checkfirst=True)


_key = ("assignment", "student", "digest", "suite_hash", "grader_version", "secret_id", "device")
_same = sa.and_(*(JOBS.c[name] == sa.bindparam(f"the_{name}") for name in _key))
_id: sa.BindParameter[int] = sa.bindparam("the_id")

JOB = sa.select(JOBS, FIGURES.c.state.label("figures_state"), FIGURES.c.executed.label("figures")).select_from(
    JOBS.outerjoin(FIGURES, sa.and_(FIGURES.c.job_id == JOBS.c.id, FIGURES.c.token == JOBS.c.lease_token))
)
"""A row with the figures of its newest result."""

FIND = JOB.where(_same)
"""The row of a piece of work; takes ``the_`` and each part of the key."""

ROW = JOB.where(JOBS.c.id == _id)

LAST_SEEN = sa.select(sa.func.max(JOBS.c.seen))

INSERT = sa.insert(JOBS)

TOUCH = sa.update(JOBS).where(JOBS.c.id == _id).values({n: sa.bindparam(n) for n in ("seen", "source", "received_at")})
"""The work was handed in again."""

LEASE = (
    sa.update(JOBS)
    .where(
        JOBS.c.id == _id,
        sa.or_(
            JOBS.c.state == JobState.QUEUED,
            sa.and_(JOBS.c.state == JobState.LEASED, JOBS.c.lease_until < sa.bindparam("the_time")),
        ),
    )
    .values(
        state=JobState.LEASED,
        lease_token=JOBS.c.lease_token + 1,
        lease_owner=sa.bindparam("lease_owner"),
        lease_until=sa.bindparam("lease_until"),
    )
)
"""Takes a job that nobody holds any more."""

TOKEN = sa.select(JOBS.c.lease_token).where(JOBS.c.id == _id)

HELD = sa.update(JOBS).where(
    JOBS.c.id == _id, JOBS.c.lease_token == sa.bindparam("the_token"), JOBS.c.state == JobState.LEASED
)
"""Changes a row only for the holder of its newest lease."""

RENEW = HELD.values(lease_until=sa.bindparam("until"))
"""The holder goes on holding."""

FINISH = HELD.values(state=sa.bindparam("state"), record=sa.bindparam("record"), lease_owner=None, lease_until=None)
