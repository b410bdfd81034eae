"""The documentation of the API works under the policy of all pages, without a foreign host."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from firstline.api.v1.api import api as firstline_api


def test_the_documentation_opens(live_server: LiveServer, page: Page) -> None:
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{live_server.url}/api/v1/docs")
    routes = firstline_api.get_openapi_schema()["paths"].values()
    expect(page.locator(".opblock")).to_have_count(sum(len(methods) for methods in routes))
    page.locator(".opblock-summary", has_text="/api/v1/tickets/{number}/claims").click()
    expect(page.get_by_text("take_over").first).to_be_visible()
    assert complaints == []
    assert [url for url in requests if not url.startswith((live_server.url, "data:"))] == []
