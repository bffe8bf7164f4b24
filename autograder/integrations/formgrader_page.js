// Beside formgrader's own manage_submissions.js: shows in the list of submissions what is being graded, and follows it.
(function () {
    "use strict";

    const TICK = 2000; // milliseconds between two looks while something is being graded
    const REST = 10; // as many ticks pass between two looks while nothing is
    const progress = base_url + "/formgrader/api/submission/" + assignment_id + "/-everybody-/autograde";
    const shown = SubmissionUI.prototype.render;
    const finished = SubmissionUI.prototype.autograde_success;
    const failed = SubmissionUI.prototype.autograde_failure;
    const dialogs = {}; // the open dialog of each student whose grading was asked for here
    let ticks = 0;
    let unanswered = false; // the last look found no answer: a server that is gone is not asked every two seconds

    SubmissionUI.prototype.render = function () {
        shown.call(this);
        const now = this.model.get("autograder");
        if (!now) return;
        const kind = now.state === "waiting" || now.state === "grading" ? "label-primary" : "label-danger";
        this.$status.attr("data-order", -1).empty()
            .append($("<span/>").addClass("label " + kind).text(now.label))
            .append($("<div/>").addClass("small").css({ "white-space": "pre-wrap" }).text(now.words));
        if (now.open) this.$score.empty().attr("data-order", 0.0);
    };

    SubmissionUI.prototype.autograde = function () {
        const student = this.model.get("student");
        tell(this, { state: "waiting", label: "채점 요청 중", words: "", open: true });
        $.post(base_url + "/formgrader/api/submission/" + assignment_id + "/" + encodeURIComponent(student) + "/autograde")
            .done(answer => JSON.parse(answer).started ? begun(this, JSON.parse(answer)) : finished.call(this, answer))
            .fail(answer => failed.call(this, answer));
        return false;
    };

    function begun(view, answer) {
        const student = view.model.get("student");
        const body = $("<p/>").attr("role", "status").css({ "white-space": "pre-wrap" }).text(answer.log);
        dialogs[student] = createModal("autograder-modal", "채점 중: " + student, body);
        dialogs[student].on("hidden.bs.modal", () => delete dialogs[student]);
        ticks = 0;
        look();
    }

    function ended(view, success, words) {
        const student = view.model.get("student");
        const dialog = dialogs[student];
        if (success && !dialog) return; // the row says it
        const title = success ? "Success" : "Error";
        const text = success ? "'" + student + "'의 채점을 마쳤습니다." : "'" + student + "'의 제출물을 채점하지 못했습니다.";
        if (!dialog) {
            createLogModal(success ? "success-modal" : "error-modal", title, text, words);
            return;
        }
        dialog.find(".modal-title").text(title);
        dialog.find(".modal-body p").text(words ? text + "\n" + words : text);
    }

    function tell(view, now) {
        view.model.set("autograder", now);
        view.render();
    }

    function look() {
        // JupyterHub answers a script's GET only with the token, which nbgrader adds to its own requests.
        const headers = { "X-CSRFToken": getCookie("_xsrf") };
        $.ajax({ url: progress, dataType: "json", cache: false, headers: headers }).done(answer => views.forEach(view => {
            const was = view.model.get("autograder");
            const now = answer.students[view.model.get("student")] || null;
            const dialog = dialogs[view.model.get("student")];
            if (was && was.open && !(now && now.open)) {
                view.model.fetch({ success: () => ended(view, !now, now ? now.words : score(view.model)) });
            } else if (!_.isEqual(was || null, now)) {
                tell(view, now);
                if (dialog && now) dialog.find(".modal-body p").text(now.label + ". " + now.words);
            }
        })).always((_answer, status) => unanswered = status !== "success");
    }

    function score(model) {
        const points = roundToPrecision(model.get("score"), 2) + " / " + roundToPrecision(model.get("max_score"), 2);
        return "점수: " + points + (model.get("needs_manual_grade") ? " (조교가 채점할 문항이 남아 있습니다)" : "");
    }

    setInterval(function () {
        const open = views.some(view => (view.model.get("autograder") || {}).open);
        if (models && models.loaded && !document.hidden && ((open && !unanswered) || ticks % REST === 0)) look();
        ticks += 1;
    }, TICK);
})();
