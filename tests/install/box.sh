#!/bin/sh
# box.sh ROOT CGROUP: the Debian tree ROOT with its own systemd as process 1, in namespaces and a cgroup of its own, on
# this machine's kernel, with clocks and a boot id of its own, and without a network. Ends with whoever started it. As
# root.
set -eu
echo $$ >"$2/cgroup.procs"
# Nothing before it is a process of its own: who started this takes the only child for the machine.
read -r up _ </proc/uptime
up=${up%.*}
exec unshare --mount --pid --uts --ipc --net --cgroup --time --boottime "-$up" --monotonic "-$up" \
  --fork --kill-child --propagation private sh -euc '
  root=$1
  mount -t proc proc "$root/proc"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  mount -t tmpfs -o mode=755 dev "$root/dev"
  for name in null zero full random urandom tty; do cp -a "/dev/$name" "$root/dev/$name"; done
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"
  mount -t tmpfs shm "$root/dev/shm"
  mount -t tmpfs -o mode=755 run "$root/run"
  cat /proc/sys/kernel/random/uuid >"$root/run/boot-id"
  mount --bind "$root/run/boot-id" "$root/proc/sys/kernel/random/boot_id"
  hostname box
  cd "$root"
  pivot_root . mnt
  umount -l /mnt
  exec env -i container=ezrec PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --show-status=0
' sh "$1"
