"""What to ask an administrator for, word by word: one table, for every cause that keeps a machine from grading.

Owns the words: Korean sentences, and below them the lines as they are typed into a shell or a file. ``autograder
doctor`` prints them; `docs/instructor.md` points here. Imports nothing of ours, so that whoever finds a cause can be
below or above it. Causes are the codes of `autograder.sandbox.confinement.causes` and of a rehearsal's errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "ELSEWHERE",
    "HINTS",
    "OWN_CALLS",
    "REMEDIES",
    "Ask",
    "Remedy",
    "boot_option",
    "hint_of",
    "profile_rules",
]

OWN_CALLS = (
    *("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"),
    *("seccomp", "prctl", "capset", "prlimit64", "pidfd_open", "pidfd_send_signal", "close_range", "memfd_create"),
)
"""System calls of the grader's own that profiles of containers are known to refuse."""

_DEFAULT_MODULES = "lockdown,yama,integrity,apparmor"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to ask for: a Korean lead, and the lines to type, "" for none. ``{lsm}`` is the boot option."""

    lead: str
    lines: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Why a machine cannot grade, in Korean, and what to ask its administrator for, in the order to try it.

    Args:
        found: what was found, and what it means.
        asks: what to ask for.
        elsewhere: whether `ELSEWHERE` is to be told too: nothing on this machine may help.
    """

    found: str
    asks: tuple[Ask, ...] = ()
    elsewhere: bool = False


def boot_option(modules: Path = Path("/sys/kernel/security/lsm")) -> str:
    """Return the boot option that adds Landlock to the security modules of now, ``lsm=landlock,...``.

    The option replaces the whole list, so that the modules that are on have to stand in it. `capability` is always on
    and is left out. Where the list cannot be read, as in a container, it is that of common distributions.
    """
    try:
        text = modules.read_text(encoding="ascii").strip()
    except OSError:
        text = ""
    known = text if re.fullmatch(r"[a-z0-9_,-]+", text) else _DEFAULT_MODULES
    return ",".join(["lsm=landlock", *(m for m in known.split(",") if m not in ("capability", "landlock", ""))])


def profile_rules() -> str:
    """Return the rules that a container's seccomp profile needs: JSON, as Docker, Podman and the kubelet read it."""
    allowed = {"names": sorted(OWN_CALLS), "action": "SCMP_ACT_ALLOW"}
    # libc tries clone3 first and goes on with clone, but only where the answer is ENOSYS (38).
    fallback = {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}
    return json.dumps(allowed, indent=2) + ",\n" + json.dumps(fallback, indent=2)


def hint_of(detail: str) -> str | None:
    """Return the key of the remedy that an error's text points to, None if it says nothing known."""
    return next((key for pattern, key in HINTS if re.search(pattern, detail)), None)


HINTS: tuple[tuple[str, str], ...] = (
    (r"libgomp", "libgomp"),
    (r"signal 9\b|Errno 12\b|[Cc]annot allocate memory|MemoryError|bad_alloc", "memory"),
    (r"can't start new thread|Errno 11\b|Resource temporarily unavailable|pthread_create", "threads"),
    (r"Errno 24\b|Too many open files", "descriptors"),
    (r"Errno 28\b|No space left|Errno 122\b|quota exceeded|disk is full|No usable temporary directory", "disk-full"),
    (r"Errno 30\b|Read-only file system", "read-only"),
    (r"/proc/", "proc-missing"),
    (r"lies inside a readable folder", "temporary-readable"),
    (r"(chown|setgroups|/autograder-sandbox-).*not permitted|not permitted.*/autograder-sandbox-", "root-limited"),
    (r"Errno 1\b|Errno 38\b|PermissionError\(1,|OSError\(38,", "container-profile"),
    (r"ImportError|ModuleNotFoundError|cannot open shared object file|undefined symbol", "install"),
)
"""What the text of an error points to, by the first pattern that is found in it."""

_PROFILE_ASKS = (
    Ask(
        "엔진이 오래되었으면 먼저 올리세요. 기본 프로파일이 허용합니다: Docker 20.10.18 또는 23.0 이상, "
        "containerd 1.5.10 또는 1.6 이상. Podman의 프로파일은 containers-common 패키지에 있습니다."
    ),
    Ask(
        "올릴 수 없으면 Docker의 기본 프로파일"
        "(https://github.com/moby/profiles/blob/main/seccomp/default.json)을 autograder-seccomp.json으로 받아 "
        '"syscalls": [ 바로 다음에 이 규칙을 넣습니다.',
        profile_rules() + ",",
    ),
    Ask(
        "그 프로파일로 컨테이너를 실행합니다. Podman도 같은 옵션을 씁니다.",
        "docker run --security-opt seccomp=autograder-seccomp.json ...",
    ),
    Ask(
        "쿠버네티스에서는 노드의 /var/lib/kubelet/seccomp/profiles/autograder.json에 두고 파드에 이렇게 적습니다. "
        "엔진이 새것이면 type: RuntimeDefault 한 줄이면 됩니다.",
        "securityContext:\n  seccompProfile:\n    type: Localhost\n    localhostProfile: profiles/autograder.json",
    ),
    Ask(
        "원인을 확인할 때만, 필터 없이 한 번 실행해 봅니다. 여기서 되면 프로파일이 원인입니다.",
        "docker run --rm --security-opt seccomp=unconfined 이미지 autograder doctor",
    ),
    Ask(
        "필터 없이도 안 되면 이 컨테이너를 감싼 것(바깥 컨테이너, systemd의 SystemCallFilter=)이나 AppArmor 프로파일이 "
        "막는지 물어보세요. systemd 서비스라면 유닛에 이 줄을 더합니다.",
        "SystemCallFilter=@system-service @sandbox",
    ),
)

REMEDIES: Mapping[str, Remedy] = {
    "not-linux": Remedy(
        "리눅스가 아닙니다. 학생 코드를 가두는 Landlock과 seccomp은 리눅스 커널에만 있습니다.",
        (
            Ask("Windows라면 WSL2의 우분투 안에서 실행합니다. PowerShell에서:", "wsl --install -d Ubuntu-24.04"),
            Ask(
                "macOS라면 리눅스 가상 컴퓨터 안에서 실행합니다.", "limactl start --name=grader template://ubuntu-24.04"
            ),
        ),
        elsewhere=True,
    ),
    "architecture": Remedy(
        "이 프로세서에서는 시스템 호출의 번호를 알지 못해 가둘 수 없습니다. x86_64나 aarch64가 필요합니다.",
        elsewhere=True,
    ),
    "kernel-old": Remedy(
        "커널이 오래되었습니다. 리눅스 5.13 이상이 필요합니다(Landlock ABI 1). 5.19(ABI 2), 6.2(ABI 3), 6.7(ABI 4), "
        "6.12(ABI 6)로 갈수록 더 촘촘하게 가둡니다.",
        (
            Ask(
                "배포판을 올리세요. 우분투 22.04, 데비안 12, 페도라 35부터는 설치된 그대로 됩니다. "
                "우분투 20.04는 커널만 올릴 수 있습니다.",
                "sudo apt-get install linux-generic-hwe-20.04 && sudo reboot",
            ),
            Ask("WSL2라면 PowerShell에서:", "wsl --update"),
        ),
        elsewhere=True,
    ),
    "gvisor": Remedy(
        "이 컨테이너는 gVisor(runsc)에서 실행됩니다. gVisor에는 Landlock이 없어 설정을 바꿔도 채점할 수 없습니다. "
        "다른 런타임이나 다른 컴퓨터가 필요합니다.",
        (
            Ask("Docker라면 기본 런타임으로 실행합니다.", "docker run --runtime=runc ..."),
            Ask(
                "쿠버네티스라면 runc나 Kata(가상 컴퓨터)를 쓰는 RuntimeClass의 이름을 물어 파드에 적습니다. "
                "gvisor가 적혀 있으면 지웁니다.",
                "spec:\n  runtimeClassName: kata",
            ),
            Ask("GKE Sandbox가 켜진 노드 풀에서는 안 됩니다. 꺼진 노드 풀로 보내 달라고 하세요."),
        ),
        elsewhere=True,
    ),
    "landlock-off": Remedy(
        "커널에 Landlock이 들어 있지만 부팅할 때 켜지 않았습니다. 부팅 옵션 하나를 더하고 다시 시작하면 됩니다. "
        "이 옵션은 목록 전체를 바꾸므로 지금 켜진 모듈(`cat /sys/kernel/security/lsm`)을 모두 적어야 합니다.",
        (
            Ask(
                "데비안, 우분투: /etc/default/grub의 GRUB_CMDLINE_LINUX에 이 옵션을 더하고 실행합니다. "
                "컨테이너라면 컨테이너 밖의 컴퓨터에서 합니다.",
                "{lsm}\nsudo update-grub && sudo reboot",
            ),
            Ask("페도라, RHEL 계열:", 'sudo grubby --update-kernel=ALL --args="{lsm}" && sudo reboot'),
            Ask(
                "WSL2: %UserProfile%\\.wslconfig에 적고 `wsl --shutdown`을 실행합니다.",
                "[wsl2]\nkernelCommandLine = {lsm}",
            ),
            Ask("다시 시작한 뒤 landlock이 보이는지 확인합니다.", "cat /sys/kernel/security/lsm"),
        ),
        elsewhere=True,
    ),
    "not-built": Remedy(
        "커널은 새것이지만 이 기능을 빼고 만들어졌습니다.",
        (
            Ask(
                "커널을 만드는 사람에게 이 설정을 부탁하거나 배포판의 커널을 쓰세요.",
                "CONFIG_SECURITY_LANDLOCK=y\nCONFIG_SECCOMP=y\nCONFIG_SECCOMP_FILTER=y\n"
                'CONFIG_LSM="landlock,lockdown,yama,integrity,apparmor"',
            ),
        ),
        elsewhere=True,
    ),
    "container-profile": Remedy(
        "컨테이너(또는 systemd 서비스)의 seccomp 프로파일이 채점기에 필요한 시스템 호출을 막습니다. "
        "커널은 그대로 두고 프로파일만 바꾸면 됩니다. 이 호출들은 특권이 필요 없고, 스스로를 더 가두는 데 쓰입니다.",
        _PROFILE_ASKS,
        elsewhere=True,
    ),
    "proc-missing": Remedy(
        "/proc에서 프로세스의 상태를 읽을 수 없습니다. 채점기는 학생 코드가 쓴 시간과 메모리를 여기서 읽습니다.",
        (
            Ask("chroot나 컨테이너라면 마운트합니다.", "mount -t proc proc /proc"),
            Ask("hidepid 옵션으로 숨겼다면 풉니다.", "mount -o remount,hidepid=0 /proc"),
            Ask("systemd 서비스라면 유닛에 이 줄을 적습니다.", "ProtectProc=default\nProcSubset=all"),
        ),
    ),
    "root-limited": Remedy(
        "root이지만 컨테이너가 특권 일부(파일의 주인 바꾸기)를 뺐습니다. 일반 사용자에게는 필요 없습니다.",
        (
            Ask("일반 사용자로 실행합니다.", "docker run --user 1000:1000 ..."),
            Ask(
                "root로 실행해야 하면 Docker의 기본 특권을 돌려받습니다.",
                "docker run --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add FOWNER --cap-add SETUID --cap-add SETGID "
                "--cap-add SETPCAP --cap-add KILL ...",
            ),
        ),
    ),
    "memory": Remedy(
        "메모리가 모자라 채점기의 프로세스가 강제로 끝났습니다. 첫 슬롯에 3GB, 슬롯이 하나 늘 때마다 1GB를 잡으세요.",
        (
            Ask("Docker:", "docker run --memory=4g ..."),
            Ask("쿠버네티스:", "resources:\n  limits:\n    memory: 4Gi"),
            Ask("Gradescope: Container Specifications에서 3.0GB 이상을 고릅니다."),
            Ask("주소 공간을 제한했다면 풉니다.", "ulimit -v unlimited"),
        ),
    ),
    "threads": Remedy(
        "이 사용자나 컨테이너가 만들 수 있는 프로세스와 스레드의 수가 모자랍니다. 슬롯마다 스무 개쯤 씁니다.",
        (
            Ask("셸의 한도를 확인하고 늘립니다.", "ulimit -u 4096"),
            Ask("Docker:", "docker run --pids-limit=512 ..."),
            Ask(
                "한도가 넉넉하면 오래된 Docker의 프로파일이 clone3을 EPERM으로 막는 것일 수 있습니다. "
                "프로파일에 이 규칙을 넣습니다.",
                profile_rules(),
            ),
        ),
    ),
    "descriptors": Remedy(
        "한 프로세스가 열 수 있는 파일의 수가 모자랍니다. 256개면 넉넉합니다.",
        (Ask("셸이나 서비스의 한도를 늘립니다.", "ulimit -n 1024"), Ask("systemd:", "LimitNOFILE=1024")),
    ),
    "disk-full": Remedy(
        "임시 폴더에 쓸 자리가 없습니다. 제출물 하나가 128MB까지 씁니다.",
        (
            Ask("자리가 있는 폴더를 임시 폴더로 지정합니다.", "export TMPDIR=/var/tmp"),
            Ask("남은 자리와 파일 수를 확인합니다.", 'df -h "${TMPDIR:-/tmp}"; df -i "${TMPDIR:-/tmp}"'),
        ),
    ),
    "read-only": Remedy(
        "써야 하는 폴더가 읽기 전용으로 마운트되어 있습니다.",
        (
            Ask("컨테이너를 --read-only로 실행했다면 임시 폴더를 더합니다.", "docker run --read-only --tmpfs /tmp ..."),
            Ask(
                "쿠버네티스의 readOnlyRootFilesystem이라면 emptyDir을 /tmp에 마운트합니다.",
                "volumes:\n  - name: tmp\n    emptyDir: {}",
            ),
            Ask("다른 폴더를 임시 폴더로 지정할 수도 있습니다.", "export TMPDIR=/쓸/수/있는/폴더"),
        ),
    ),
    "temporary-readable": Remedy(
        "임시 폴더가 학생 코드에 보이는 폴더(/usr/lib, 파이썬 환경) 안에 있습니다.",
        (Ask("다른 폴더를 지정합니다.", "export TMPDIR=/tmp"),),
    ),
    "libgomp": Remedy(
        "torch에 필요한 라이브러리 libgomp.so.1이 없습니다.",
        (
            Ask("데비안, 우분투:", "apt-get install -y libgomp1"),
            Ask("페도라, RHEL 계열:", "dnf install -y libgomp"),
        ),
    ),
    "install": Remedy(
        "파이썬 패키지를 불러오지 못했습니다. 설치가 온전하지 않습니다.",
        (
            Ask(
                "같은 환경에서 불러와 보면 무엇이 빠졌는지 보입니다.",
                "python -c 'import torch, numpy, matplotlib, IPython'",
            ),
            Ask("다시 설치합니다.", "python -m pip install --force-reinstall torch numpy"),
        ),
    ),
}
"""What to ask for, by cause."""

ELSEWHERE = Remedy(
    "이 컴퓨터를 바꿀 수 없으면 다른 곳에서 채점합니다.",
    (
        Ask(
            "다른 리눅스 컴퓨터나 가상 컴퓨터(VM)에 같은 판을 설치해 제출물 폴더를 채점하고, 결과 폴더를 가져옵니다.",
            "autograder doctor && autograder grade 과제ID submitted/ --out graded",
        ),
        Ask(
            "가둘 수 있는 컴퓨터에 Dask 워커를 두고 여기서는 나누어 주기만 합니다. 여기에는 Landlock이 없어도 됩니다.",
            "autograder doctor --engine tls://HOST:8786\nautograder grade 과제ID submitted/ --engine tls://HOST:8786",
        ),
        Ask("Gradescope에 올릴 zip을 만듭니다.", "autograder export gradescope 과제ID"),
        Ask(
            "`--unsafe-no-sandbox`는 격리 없이 실행합니다. 본인이 쓴 코드를 고칠 때만 쓰세요. 기록에 표시가 남고 "
            "성적부가 받지 않습니다."
        ),
    ),
)
"""What else works where this machine does not."""
