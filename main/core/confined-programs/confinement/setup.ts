/**
 * What the first process of the new namespaces does before the program begins; any failure ends it, and nothing has run then.
 * Arguments: an empty folder for the new root, the workspace, the attempt's folder, the folder to work in, the person's own folder, user
 * and group; then two lists, each after its length (what must be seen although its folder is hidden, and sockets), then the command.
 * It refuses to mount anything unless it is process 1, so it can never change the machine itself. The old root is gone afterwards.
 */
export const setup = `
[ $$ = 1 ] || { echo 'no namespace of its own' >&2; exit 97; }
set -e
# pivot_root and ip lie where an ordinary person's path does not lead.
path=$PATH; PATH=$PATH:/usr/sbin:/sbin
root=$1 workspace=$2 own=$3 work=$4 private=$5 user=$6 group=$7; shift 7
mount --rbind / "$root"
while read -r _ _ _ _ target options _; do
  case $target in *\\\\*) target=$(printf '%b' "$target") ;; esac
  case $target in
    "$root"/proc/*|"$root"/dev/*|"$root"/run/*|"$root"/tmp/*|"$root"/var/tmp/*) continue ;;
    "$root"|"$root"/*) ;;
    *) continue ;;
  esac
  case $options in rw*) mount -o "remount,bind,ro\${options#rw}" "$target" ;; esac
done < /proc/self/mountinfo
hide() { [ ! -d "$root$1" ] || [ -L "$root$1" ] || mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root$1"; }
for folder in /tmp /var/tmp /run; do hide "$folder"; done
mount -t tmpfs -o nosuid,mode=0755 tmpfs "$root/dev"
mkdir "$root/dev/shm"
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/dev/shm"
for device in /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/nvidia* /dev/kfd /dev/dri; do
  [ -e "$device" ] || continue
  if [ -d "$device" ]; then mkdir "$root$device"; else : > "$root$device"; fi
  mount --rbind "$device" "$root$device"
done
ln -s /proc/self/fd "$root/dev/fd"
for name in 0:stdin 1:stdout 2:stderr; do ln -s "fd/\${name%%:*}" "$root/dev/\${name#*:}"; done
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
show() {
  if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$root\${1%/*}"; [ -e "$root$1" ] || : > "$root$1"; fi
  mount --bind "$1" "$root$1"
  mount -o remount,bind,ro "$root$1"
}
count=$1; shift
while [ "$count" -gt 0 ]; do count=$((count - 1)); [ ! -e "$1" ] || show "$1"; shift; done
hide "$private"
show "$workspace"
count=$1; shift
while [ "$count" -gt 0 ]; do count=$((count - 1)); [ ! -S "$root$1" ] || mount --bind /dev/null "$root$1"; shift; done
mount --bind "$own" "$root$own"
ip link set lo up 2>/dev/null || :
mkdir -p "$root/tmp/.before"
cd "$root"
pivot_root . tmp/.before
umount -l /tmp/.before
rmdir /tmp/.before
cd "$work"
[ ! -w "$workspace" ] && [ ! -w / ] || { echo 'the workspace can still be written to' >&2; exit 96; }
PATH=$path
exec unshare -U --map-user="$user" --map-group="$group" \\
  setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all \\
  sh -c 'echo held >&3; "$@" 3>&-; exit $?' sh "$@"
`
