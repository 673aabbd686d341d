# shellcheck shell=bash
# Shared by the scripts in tools/: where the project is, how a step is run and reported. Sourced, not run.
set -euo pipefail

script=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
logs=$root/build/logs
jobs=$(nproc 2>/dev/null || echo 2)

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}
# The comment block at the top of a script is its help text.
usage() { sed -n "2,/^$/{s/^# \\{0,1\\}//p}" "$script"; }

# show_progress PID MESSAGE LOG: while the process runs, keeps the log's latest "[done/all]" or "n%" on the screen.
show_progress() {
    local latest
    while kill -0 "$1" 2>/dev/null; do
        latest=$(tail -c 2000 "$3" 2>/dev/null | grep -oE '^\[ *[0-9]+(/[0-9]+|%)\]' | tail -n 1) || true
        printf '\r\033[K%s ... %s' "$2" "$latest"
        sleep 1
    done
    printf '\r\033[K%s ... ' "$2"
}

# step NAME MESSAGE COMMAND...: runs the command with its output in build/logs/NAME.log; on failure shows the log's end.
step() {
    local name=$1 message=$2 start=$SECONDS status=0
    shift 2
    mkdir -p "$logs"
    printf '%s ... ' "$message"
    if [ -t 1 ]; then
        "$@" >"$logs/$name.log" 2>&1 </dev/null &
        trap 'kill $!; exit 130' INT # a background command does not hear Ctrl-C
        show_progress $! "$message" "$logs/$name.log"
        wait $! || status=$?
        trap - INT
    else
        "$@" >"$logs/$name.log" 2>&1 </dev/null || status=$?
    fi
    if [ "$status" -ne 0 ]; then
        printf 'failed (exit code %d). The end of %s:\n\n' "$status" "build/logs/$name.log"
        tail -n 40 "$logs/$name.log"
        return "$status"
    fi
    printf 'done (%d s)\n' "$((SECONDS - start))"
}

# configure_and_build PRESET [TARGET]: the preset with its tests, or one target of it (which needs no test library).
configure_and_build() {
    local preset=$1 target=${2:-}
    # Looked for here, because tools/setup may just have installed it: Ninja, else plain make; ccache.
    if [ -z "${CMAKE_GENERATOR:-}" ] && command -v ninja >/dev/null; then
        export CMAKE_GENERATOR=Ninja
    fi
    if [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ] && command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=ccache
    fi
    step "configure-$preset" "Configuring $preset" \
        cmake --preset "$preset" -D AXOLEMMA_TESTS="$([ -n "$target" ] && echo OFF || echo ON)" ||
        return
    step "build-$preset" "Building $preset" cmake --build --preset "$preset" -j "$jobs" ${target:+--target "$target"}
}
