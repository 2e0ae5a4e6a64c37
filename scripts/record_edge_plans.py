"""Records what Terraform plans for single configurations, so that tests compare the edges of both.

    python scripts/record_edge_plans.py CLI_CONFIG [NAME ...]

The configurations are those of `tests/data/edges`, most of them first written as rules' examples; each is
planned once, as new. See `record_plans.py` for CLI_CONFIG and for what answers the provider.
"""

import http.server
import json
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from scripts.record_plans import ROOT, Planner, _Aws, trimmed

EDGES = ROOT / "tests" / "data" / "edges"


def main(arguments: list[str]) -> None:
    cli_config, *names = arguments
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Aws)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for path in sorted(EDGES.glob("*.tf")):
        name = path.stem
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "source"
            source.mkdir()
            (source / "main.tf").write_text(path.read_text("utf-8"), "utf-8")
            try:
                plan = Planner(source, Path(folder) / "copy", server.server_port, cli_config).plan()
            except SystemExit as error:
                print(name, "cannot be planned:", str(error)[:300])
                continue
        text = json.dumps(trimmed(plan), separators=(",", ":"), sort_keys=True)
        (EDGES / f"{name}.json").write_text(f"{text}\n", "utf-8")
        print(name, len(text), flush=True)
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
