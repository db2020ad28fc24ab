"""A browser of the race tests: cookies, forms and calls, no redirect followed."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass, field


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *words):
        return None


OPENER = urllib.request.build_opener(_NoRedirect)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"|csrf_token: "([^"]+)"|data-token="([^"]+)"')


def ask(url, cookies, data=None, **headers):
    """Return status, headers and text; a redirect is an answer too."""
    sent = {"User-Agent": "Mozilla/5.0 (phone)", "Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()), **headers}
    try:
        answer = OPENER.open(urllib.request.Request(url, data=data, headers=sent), timeout=600)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


@dataclass
class Browser:
    """One person's browser on the served site."""

    url: str
    cookies: dict = field(default_factory=dict)

    def open(self, path, **form):
        """Open a page, or send a form; cookies that come back are kept. Return (status, text)."""
        data = urllib.parse.urlencode(form).encode() if form else None
        status, headers, text = ask(self.url + path, self.cookies, data)
        for cookie in headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return status, text

    def token(self, path):
        """Return the token that the forms of a page carry."""
        found = TOKEN.search(self.open(path)[1])
        return found and next(filter(None, found.groups()))

    def login(self, name):
        """Sign in; the password is the login."""
        status, _text = self.open(
            "/web/login", login=name, password=name, csrf_token=self.token("/web/login"), redirect="/my"
        )
        assert status == 303, name
        return self

    def json(self, path, **params):
        """Send a JSON call; return its result, or its error."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        status, _headers, text = ask(self.url + path, self.cookies, body, **{"Content-Type": "application/json"})
        assert status == 200, text
        answer = json.loads(text)
        return answer["error"] if "error" in answer else answer.get("result")

    def call(self, model, method, *args):
        """Call a public method of a model, as the web client does."""
        return self.json("/web/dataset/call_kw", model=model, method=method, args=list(args), kwargs={})


def failed(answer):
    """Return the class of a call's error, or nothing."""
    return answer["data"]["name"].rsplit(".", 1)[-1] if isinstance(answer, dict) and "data" in answer else ""


#: how a call that lost is told so: a sentence for a person, no error of the server
REFUSALS = frozenset({"UserError", "LockError", "ValidationError"})


def told(answers, *also):
    """Return how many calls did it; all others were told by a sentence, or by one of the errors ``also``."""
    errors = Counter(map(failed, answers))
    done = errors.pop("", 0)
    assert set(errors) <= REFUSALS | set(also), errors
    return done
