#!/bin/sh
# Starts Drydock: the command line by the name "drydock", the window by the name "drydock-window". It may be linked to from anywhere.
set -eu
own_version='@VERSION@'
settings=/etc/drydock/drydock.yaml

self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
name=${self##*/}
here=$(cd "$(dirname "$self")/.." && pwd -P)

# An administrator who keeps updates for himself runs one version for all; settings that cannot be read may say so.
updates_are_locked() {
  [ -e "$settings" ] || [ -L "$settings" ] || return 1
  [ -r "$settings" ] || return 0
  # Some editors begin a file with a mark.
  grep -Eq "^($(printf '\357\273\277'))?[[:space:]]*[\"']?updates[\"']?[[:space:]]*:[[:space:]]*[\"']?(administrator|off)" "$settings"
}

# A pre-release comes before its release: 1.0.0-rc.1 < 1.0.0.
is_higher() {
  [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | tr - '~' | LC_ALL=C sort -V | tail -n 1)" = "$(printf '%s' "$1" | tr - '~')" ]
}

# This person's own version, when it is a later one than that of the machine.
if [ -z "${DRYDOCK_CHOSEN:-}" ] && [ "$(id -u)" -ne 0 ]; then
  versions=${XDG_DATA_HOME:-${HOME:-}/.local/share}/drydock/program
  chosen=
  if [ -r "$versions/chosen" ]; then IFS= read -r chosen <"$versions/chosen" || :; fi
  case $chosen in
    '' | .* | *[!0-9A-Za-z.+-]*) ;;
    *)
      if [ -x "$versions/$chosen/bin/$name" ] && is_higher "$chosen" "$own_version" && ! updates_are_locked; then
        DRYDOCK_CHOSEN=1
        # Where the way back to the program of the machine begins.
        DRYDOCK_MACHINE_PROGRAM=$here
        export DRYDOCK_CHOSEN DRYDOCK_MACHINE_PROGRAM
        exec "$versions/$chosen/bin/$name" "$@"
      fi
      ;;
  esac
fi
if [ -z "${DRYDOCK_CHOSEN:-}" ]; then unset DRYDOCK_MACHINE_PROGRAM; fi
unset DRYDOCK_CHOSEN

DRYDOCK_COMMAND=$here/bin/drydock
DRYDOCK_PROGRAM_DIR=$here
export DRYDOCK_COMMAND DRYDOCK_PROGRAM_DIR
# What another Node of this person is to load or to log is not for this one.
unset NODE_OPTIONS NODE_PATH ELECTRON_RUN_AS_NODE

if [ "$name" = drydock ]; then
  exec "$here/resources/node/bin/node" "$here/resources/app.asar.unpacked/out/main/cli.js" "$@"
fi

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo "drydock-window: there is no display, so no window can open. The command line needs none: $DRYDOCK_COMMAND --help" >&2
  exit 3
fi
# Without a locale Chromium loses the letters beyond ASCII in file names that are dropped or chosen.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]-8* | *[Uu][Tt][Ff]8*) ;;
  *) if [ -n "${LC_ALL:-}" ]; then export LC_ALL=C.UTF-8; else export LC_CTYPE=C.UTF-8; fi ;;
esac
is_closed() { [ "$(cat "/proc/sys/kernel/$1" 2>/dev/null || :)" = "$2" ]; }
if [ "$(id -u)" -eq 0 ]; then
  echo "drydock-window: running as root, so Chromium's sandbox cannot be used. Start it as an ordinary user." >&2
  set -- --no-sandbox "$@"
elif is_closed unprivileged_userns_clone 0 || is_closed apparmor_restrict_unprivileged_userns 1; then
  if [ ! -u "$here/chrome-sandbox" ]; then
    echo "drydock-window: this system closes user namespaces, which Chromium's sandbox needs. An administrator can help: sudo chown root \"$here/chrome-sandbox\" && sudo chmod 4755 \"$here/chrome-sandbox\"" >&2
    exit 3
  fi
fi
exec "$here/drydock-app" "$@"
