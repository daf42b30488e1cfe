"""The index is not as the application left it."""

from __future__ import annotations

import json
import time

from ..application import PROJECT, Once
from ..children import Problem
from ..ledger import Ledger
from ..scene import BATCH_SECONDS, FAST, START_SECONDS, Scene
from .sources import require_exit_0


def foreign_document(scene: Scene) -> None:
    upstream, opensearch = scene.upstream(FAST), scene.expected.opensearch
    once = scene.once(upstream.url)
    once.wait_for_line("that a batch begins", Once.BEGUN, START_SECONDS)
    # One sorts before all people, one after.
    foreign = ("a-foreign-document", "zz-foreign-document")
    for each in foreign:
        opensearch.call("PUT", f"/{scene.alias}/_doc/{each}?refresh=true", {"name": "not a person"})
    gone = {"id": "p:gone", "name": "Left Long Ago", "active": True}
    opensearch.call("PUT", f"/{scene.alias}/_doc/p:gone?refresh=true", gone)
    code = once.wait(BATCH_SECONDS)
    if code is None:
        raise Problem(f"--once did not exit within {BATCH_SECONDS} s, with documents without id: see {once.log}")
    once.stop()
    scene.require(code == 0, "exit code 0", f"{code}: see {once.log}")
    named = [line for line in once.log_from() if "foreign-document" in line]
    scene.require(bool(named), f"the log names the foreign documents: {once.log}", "no line does")
    batches = Ledger(scene.folder / "ledger").batches()
    scene.compare(batches, batches[-1].id, foreign=foreign)


def mapping_upgrade(scene: Scene) -> None:
    upstream, opensearch = scene.upstream(FAST), scene.expected.opensearch
    patience = {"colleagues.opensearch.patience": "30s"}
    require_exit_0(scene, scene.once(upstream.url, patience))
    index, _ = opensearch.definition(scene.alias)
    mapping = json.loads((PROJECT / "src/main/resources/mappings/colleagues.json").read_text())
    mapping["mappings"]["_meta"]["version"] += 1
    newer = scene.folder / "newer.json"
    newer.write_text(json.dumps(mapping))
    killed = scene.once(upstream.url, {**patience, "colleagues.opensearch.mapping": f"file:{newer}"})

    def blocked() -> bool:
        if killed.wait(0) is not None:
            raise Problem(f"the kill missed the upgrade (of the benchmark): see {killed.log}")
        settings = opensearch.call("GET", f"/{index}/_settings")[index]["settings"]["index"]
        return settings.get("blocks", {}).get("write") == "true"

    deadline = time.monotonic() + START_SECONDS
    while not blocked():
        if time.monotonic() > deadline:
            raise Problem(f"the upgrade did not begin within {START_SECONDS} s (of the benchmark): see {killed.log}")
        time.sleep(0.01)
    killed.end()
    over = opensearch.definition(scene.alias)[0]
    if over != index:
        raise Problem(f"the upgrade finished before the kill (of the benchmark): the alias points to {over}")
    once = scene.once(upstream.url, patience)
    require_exit_0(scene, once)
    batches = Ledger(scene.folder / "ledger").batches()
    scene.compare(batches, batches[-1].id)
