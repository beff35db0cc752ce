"""Where a webhook may lead: plain addresses, open hosts, also when a name is turned to another place later."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.notification.api.webhooks import Posting
from services.notification.domain.webhooks import Rules, is_open, read_url
from shared.kernel import Refused

STRICT, LOCAL, PRIVATE = Rules(), Rules(insecure=True), Rules(private=True)
OPEN = "93.184.215.14"


@pytest.mark.parametrize(
    ("url", "rules", "code"),
    [
        ("http://example.org/hook", STRICT, "url-not-https"),
        ("ftp://example.org/hook", LOCAL, "url-not-https"),
        ("file:///etc/passwd", PRIVATE, "invalid-url"),
        ("//example.org/hook", STRICT, "url-not-https"),
        ("https://user:secret@example.org/", STRICT, "url-with-credentials"),
        ("https://user@example.org/", PRIVATE, "url-with-credentials"),
        ("https://@example.org/", STRICT, "url-with-credentials"),
        ("https://example.org/#part", STRICT, "url-with-fragment"),
        ("https://example.org:22/", STRICT, "port-not-allowed"),
        ("https://example.org:6379/", LOCAL, "port-not-allowed"),
        ("https://example.org:27017/", STRICT, "port-not-allowed"),
        ("https://example.org:99999/", STRICT, "invalid-url"),
        ("https://", STRICT, "invalid-url"),
        ("https://exa mple.org/", STRICT, "invalid-url"),
        ("https://example.org\\@127.0.0.1/", STRICT, "invalid-url"),
        ("https://пример.рф/", STRICT, "invalid-url"),
        ("https://[fe80::1%25eth0]/", PRIVATE, "invalid-url"),
        ("https://[::1/", STRICT, "invalid-url"),
        ("https://example.org/" + "a" * 2000, STRICT, "invalid-url"),
    ],
)
def test_an_address_that_is_not_plain_is_refused_with_a_remedy(url: str, rules: Rules, code: str):
    with pytest.raises(Refused) as refused:
        read_url(url, rules)
    [error] = refused.value.errors
    assert (error.pointer, error.code) == ("/url", code)
    assert error.remedy


@pytest.mark.parametrize(
    ("url", "rules"),
    [
        ("https://example.org/hook?x=1", STRICT),
        ("https://example.org:8443/hook", STRICT),
        ("https://xn--e1afmkfd.xn--p1ai/", STRICT),
        ("http://example.org/hook", LOCAL),
        ("http://127.0.0.1:45123/hook", PRIVATE),
    ],
)
def test_a_plain_address_is_read(url: str, rules: Rules):
    assert read_url(url, rules).url == url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104 - an address to be refused
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "4000::1",
        "192.88.99.1",
    ],
)
def test_an_inner_address_is_not_open(address: str):
    assert not is_open(address)


@pytest.mark.parametrize("address", [OPEN, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_open(address: str):
    assert is_open(address)


class Names:
    """A name server whose answers change from question to question, the last one staying."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (["127.0.0.1"], "address-not-allowed"),
        ([OPEN, "10.0.0.1"], "address-not-allowed"),
        (["::ffff:169.254.169.254"], "address-not-allowed"),
        ([], "host-not-resolved"),
    ],
)
async def test_a_host_that_leads_inside_is_refused_at_registration(answers: list[str], code: str):
    with pytest.raises(Refused) as refused:
        await Posting(STRICT, Names(answers)).check("https://example.org/")
    assert refused.value.errors[0].code == code


async def test_an_open_host_is_taken_at_registration():
    await Posting(STRICT, Names([OPEN])).check("https://example.org/")


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A receiver on this machine that counts who comes."""
    came: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], came


async def test_a_name_turned_inside_after_registration_is_not_connected_to(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("services.notification.domain.webhooks.address.WEB_PORTS", range(65536))
    async with listening() as (port, came):
        url, names = f"http://rebinding.example:{port}/", Names([OPEN], ["127.0.0.1"])
        posting = Posting(LOCAL, names)
        await posting.check(url)
        answer = await posting.post(url, {}, "{}")
    assert (answer.reason, answer.status) == ("address-refused", None)
    assert names.asked == 2
    assert came == []


async def test_a_message_goes_to_the_checked_address_under_its_name():
    async with listening() as (port, came):
        posting = Posting(PRIVATE, Names(["127.0.0.1"], ["192.0.2.1"]))
        answer = await posting.post(f"http://receiver.example:{port}/hook?x=1", {"webhook-id": "msg_1"}, "{}")
        await posting._close(list(posting._kept))
    assert (answer.reason, answer.status, answer.excerpt) == ("http-200", 200, "ok")
    [request] = came
    assert request.startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
    assert f"host: receiver.example:{port}".encode() in request.lower()
