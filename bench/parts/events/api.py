"""The API, its token endpoint, or a part of it is down."""

from __future__ import annotations

import time

from ..application import SECTIONS
from ..comparisons import Upstream
from ..partly_down import DOWN, PartlyDown
from ..scene import FAST, MEDIUM, NOTICE_SECONDS, PROBE_SECONDS, Scene
from ..tokens import TOKEN, Tokens

AT_ONCE_SECONDS = 20


def token_stalls(scene: Scene) -> None:
    limit = 3
    tokens = Tokens()
    scene.at_end.callback(tokens.close)
    upstream = scene.upstream(MEDIUM, "--token", TOKEN)
    settings = {
        "colleagues.apis.default.auth.oauth2.token-url": tokens.url,
        "colleagues.apis.default.auth.oauth2.client-id": "bench",
        "colleagues.apis.default.auth.oauth2.client-secret": "not-a-secret",
        "colleagues.apis.default.response-timeout": f"{limit}s",
        "colleagues.apis.default.patience": "60s",
        "colleagues.apis.default.probe-every": "1s",
    }
    service = scene.service(upstream.url, settings)
    batch = scene.trigger(service)
    scene.await_calls(upstream, scene.urls // 10)
    tokens.stalls = True
    scene.until("the token is renewed, and stalls", NOTICE_SECONDS, tokens.held, bool)
    scene.until(
        f"a call to the token endpoint ends within {limit} s",
        PROBE_SECONDS + 4 * limit,
        tokens.held,
        lambda held: held[0] is not None,
    )
    for indexer in SECTIONS:
        answer = service.api("DELETE", f"/runs/{batch}-{indexer}")
        scene.require(answer.status == 200, f"the run of {indexer} is cancelled", answer)
    # While the endpoint still stalls, waits until all indexers are free.
    cancelled = time.monotonic()
    again = scene.trigger(service, NOTICE_SECONDS)
    scene.note(f"indexers were free {time.monotonic() - cancelled:.0f} s after the cancel")
    time.sleep(scene.random.uniform(0, 10))
    tokens.stalls = False
    longest = max((seconds for seconds in tokens.held() if seconds is not None), default=0)
    scene.note(f"{len(tokens.held())} stalls, the longest wait {longest:.1f} s, {tokens.asked} requests for a token")
    scene.require(longest < PROBE_SECONDS + limit, f"no call waits for a token for longer than {limit} s", longest)
    scene.complete(service, again)
    scene.compare(scene.closed(again), again)
    scene.await_up(service)


def patience_over(scene: Scene) -> None:
    patience = 10
    upstream = scene.upstream(MEDIUM)
    settings = {"colleagues.apis.default.patience": f"{patience}s", "colleagues.apis.default.probe-every": "1s"}
    service = scene.service(upstream.url, settings)
    batch = scene.trigger(service)
    scene.await_calls(upstream, int(scene.urls * scene.random.uniform(0.2, 0.6)))
    before = upstream.stats()["section_calls"]
    upstream.end()
    scene.until(
        "the runs pause when patience is exceeded",
        patience + NOTICE_SECONDS,
        lambda: scene.states(service, batch),
        lambda states: len(states) == len(SECTIONS) and set(states.values()) <= {"paused", "completed"},
    )
    scene.closed(batch, "paused")
    upstream = scene.upstream(MEDIUM, after=upstream)
    # Only one trigger: the batch must not pause again while the API works.
    answer = service.api("POST", "/runs", {})
    scene.require(answer.status in (202, 409), "the next trigger is accepted", answer)
    scene.complete(service, batch, triggers=0)
    calls = (before + upstream.stats()["section_calls"]) / scene.urls
    batches = scene.closed(batch)
    scene.note(f"{calls:.2f} calls per URL, {len(batches)} batches")
    scene.require(calls < 1.5, "no second batch repeats the calls: fewer than 1.5 calls per URL", f"{calls:.2f}")
    scene.require(len(batches) == 1, "the next trigger continues the batch and opens no other", batches)
    scene.compare(batches, batch)
    scene.await_up(service)


def starving_export(scene: Scene) -> None:
    upstream = scene.upstream(FAST)
    front = PartlyDown(upstream.port)
    scene.at_end.callback(front.close)
    settings = {"colleagues.apis.default.calls-in-flight": 4, "colleagues.apis.default.probe-every": "1s"}
    service = scene.service(front.url, settings)
    batch = scene.trigger(service)
    scene.await_calls(upstream, scene.urls // 20)
    alone = _rate(upstream, 5)
    job = {"job_id": "down", "urls": [f"{front.url}{DOWN}{n}" for n in range(200)]}
    answer = service.api("POST", "/exports", job, {"Prefer": "respond-async"})
    scene.require(answer.status == 202, "an export to an API that is down is accepted", answer)
    scene.until("the export calls the API that is down", NOTICE_SECONDS, lambda: front.calls_down, lambda n: n >= 20)
    time.sleep(2)
    beside = _rate(upstream, 5)
    scene.note(f"{alone:.0f} calls per second alone, {beside:.0f} beside the export: {beside / alone:.2f}")
    scene.require(
        beside > alone / 2 or upstream.stats()["section_calls"] >= scene.urls,
        "the run keeps at least half of its rate beside a waiting export",
        f"{beside:.1f} of {alone:.1f} calls per second",
    )
    answer = service.api("DELETE", "/exports/down")
    scene.require(answer.body.get("state") == "cancelled", "the export is cancelled", answer)
    live = {"job_id": "well", "urls": [f"{front.url}/people/p%3A{n}/patents" for n in range(20)]}
    cancelled = time.monotonic()
    answer = service.api("POST", "/exports", live, {"Prefer": "respond-async"})
    scene.require(answer.status == 202, "another export is accepted", answer)
    exported = scene.until(
        "another export is done",
        NOTICE_SECONDS,
        lambda: service.api("GET", "/exports/well"),
        lambda answer: answer.body.get("state") not in ("accepted", "running"),
    )
    took = time.monotonic() - cancelled
    scene.note(f"another export was done {took:.1f} s after the cancel")
    scene.require(took < AT_ONCE_SECONDS, "a cancelled export releases its calls for another", took)
    is_whole = exported.body.get("state") == "completed" and exported.body.get("errors") == 0
    scene.require(is_whole, "another export, of working URLs, completes", exported)
    scene.complete(service, batch)
    scene.compare(scene.closed(batch), batch)


def _rate(upstream: Upstream, seconds: float) -> float:
    """Section calls per second."""
    before, began = upstream.stats()["section_calls"], time.monotonic()
    time.sleep(seconds)
    return (upstream.stats()["section_calls"] - before) / (time.monotonic() - began)
