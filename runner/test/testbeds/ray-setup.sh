#!/usr/bin/env bash
# Ray with its Jobs REST API in a virtual environment of its own. usage: ray-setup.sh VENV (half a minute, 340 MB)
set -euo pipefail
V=$1; HERE=$(cd "$(dirname "$0")" && pwd)
rm -rf "$V"
python3 -m venv "$V"
# An index that can't be reached is no reason to wait.
pip() { "$V/bin/pip" install -q --disable-pip-version-check --retries 0 --timeout 5 "$@"; }
if ! pip 'ray[default]>=2.50' 2>/dev/null; then
  # Not every index has all that it needs: aiohttp_cors comes from Debian, telemetry gets stand-ins.
  pip 'ray>=2.50' aiohttp grpcio py-spy 'pydantic<3' prometheus_client smart_open virtualenv
  pip --no-deps opentelemetry-proto
  SP=$("$V/bin/python" -c 'import site; print(site.getsitepackages()[0])')
  T=$(mktemp -d); (cd "$T"; apt-get download -q python3-aiohttp-cors >/dev/null 2>&1; dpkg-deb -x python3-aiohttp-cors*.deb x)
  cp -r "$T/x/usr/lib/python3/dist-packages/aiohttp_cors" "$SP/"; rm -rf "$T"
  cp "$HERE/ray_optional_stubs.py" "$SP/"; echo 'import ray_optional_stubs' > "$SP/ray_optional_stubs.pth"
fi
# Of the dashboard's ten programs the Jobs API needs two; all of them take half a minute to begin.
MODULES=$("$V/bin/python" -c 'import os, ray.dashboard.modules as m; print(os.path.dirname(m.__file__))')
find "$MODULES" -name '*_head.py' ! -name job_head.py ! -name node_head.py -delete
"$V/bin/python" -c 'import ray.dashboard.optional_deps, ray.dashboard.modules.job.job_head'
touch "$V/ready"
