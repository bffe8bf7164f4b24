from tests.report.browser_fixtures import browser, run_page

__all__ = ["browser", "run_page"]
