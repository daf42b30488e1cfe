#!/usr/bin/env python3
"""The usual script: a thread pool, one blocking requests.get per call, results collected under a lock.

bench/thread_pool.py http://127.0.0.1:18080 PEOPLE WORKERS
"""

import argparse
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

try:
    import requests
except ImportError:
    sys.exit(f"module 'requests' missing in {sys.executable}: apt-get install python3-requests, use /usr/bin/python3")


def path(person: int) -> str:
    return f"/people/p%3A{person}/functions"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("base_url")
    arguments.add_argument("people", type=int)
    arguments.add_argument("workers", type=int)
    options = arguments.parse_args()

    sections, errors, lock = {}, {}, threading.Lock()

    def fetch(person: int) -> None:
        url = options.base_url + path(person)
        try:
            response = requests.get(url, timeout=30)
            response.raise_for_status()
            section = response.json()["functions"]
        except (requests.RequestException, ValueError, KeyError) as failure:
            with lock:
                errors[url] = failure
        else:
            with lock:
                sections[url] = section

    start = time.perf_counter()
    with ThreadPoolExecutor(options.workers) as pool:
        list(pool.map(fetch, range(options.people)))
    seconds = time.perf_counter() - start
    rate = options.people / seconds
    print(
        f"thread pool: URLs {options.people}, workers {options.workers}, errors {len(errors)},"
        f" {seconds:.3f} s, {rate:.1f} URLs/s"
    )
    if errors:
        print("first error:", next(iter(errors.items())), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
