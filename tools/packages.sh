# shellcheck shell=bash
# Shared by ./run and ./check: installs what is missing of packages.txt. Asks before using sudo, and never asks or waits
# without a terminal. Source it, then: need_packages build [check …]

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

# The packages of some sections of packages.txt, one a line.
listed_packages() {
    local section wanted=" $* " current="" line
    while read -r line; do
        case "$line" in
        ''|'#'*) ;;
        '['*']') section=${line#[}; current=${section%]} ;;
        *) case "$wanted" in *" $current "*) tr -s ' ' '\n' <<<"$line" ;; esac ;;
        esac
    done < "$ROOT/packages.txt"
}

missing_packages() {
    local package
    for package in $(listed_packages "$@"); do
        dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || printf '%s ' "$package"
    done
}

# How to become root: "" as root, "sudo" after a yes, or an explanation and the end.
root_prefix() {
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null || stop "Not root, and there is no sudo. As root, run:  apt-get install --no-install-recommends $1"
    if [ -t 0 ] && [ -t 2 ]; then
        printf 'Install these with sudo? %s\n[y/N] ' "$1" >&2
        local answer; read -r answer
        case "$answer" in [yY]*) printf 'sudo' ;; *) stop "Nothing was installed." ;; esac
    elif sudo -n true 2>/dev/null; then
        printf 'sudo -n'
    else
        stop "Packages are missing, and without a terminal nobody can be asked for sudo. Run:  sudo apt-get install --no-install-recommends $1"
    fi
}

need_packages() {
    command -v dpkg-query >/dev/null || {
        say "This is no Debian: please have these at hand: $(listed_packages "$@" | tr '\n' ' ')"; return 0; }
    local missing prefix plan
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    say "Missing packages: $missing"
    prefix=$(root_prefix "$missing") || exit 1
    # shellcheck disable=SC2086
    if ! plan=$(apt-get install -s --no-install-recommends --no-remove $missing 2>&1); then
        say "Updating the package lists"
        $prefix apt-get update -qq || stop "apt-get update failed."
        # shellcheck disable=SC2086
        if ! plan=$(apt-get install -s --no-install-recommends --no-remove $missing 2>&1); then
            printf '%s\n' "$plan" | tail -15 >&2
            stop "These packages cannot be installed beside yours (see above); nothing was changed. Often Debian's libboost-dev (1.74) is in the way of libboost1.81-dev: remove it yourself if you can do without."
        fi
    fi
    say "Installing $(printf '%s\n' "$plan" | grep -c '^Inst') packages"
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $prefix apt-get install -y -qq --no-install-recommends --no-remove $missing >/dev/null \
        || stop "apt-get install failed; its messages are above."
}

# configure_and_build PRESET TARGET…: quick when nothing changed.
configure_and_build() {
    local preset=$1; shift
    export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
    if [ ! -f "$ROOT/build/$preset/build.ninja" ]; then
        say "Configuring build/$preset"
        (cd "$ROOT" && cmake --preset "$preset" >"$ROOT/build/$preset.configure.log" 2>&1) || {
            tail -30 "$ROOT/build/$preset.configure.log" >&2; stop "CMake failed; the whole log is build/$preset.configure.log."; }
    fi
    export NINJA_STATUS='[%f/%t, %es] '
    (cd "$ROOT" && cmake --build "build/$preset" ${1:+--target "$@"}) || stop "The build failed; its first error is above."
}
