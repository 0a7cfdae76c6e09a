#!/usr/bin/env bash
# Hosts on one machine for tests of ssh: network namespaces joined by a bridge, each with its own address, name, home folder and sshd.
# usage: ssh-netns.sh up DIR [N] | cut K | mend K | slow K | fast K | bounce DIR K | down DIR [N]     (root; iproute2, openssh-server)
# bounce: host K's sshd ends with all of its connections, and is started again after 2 s.
# Addresses: this machine NET.1, host K = NET.(10+K), port 22. ssh -F DIR/ssh_config hK CMD
# slow/fast: what host K sends comes at 200 kbit/s.
# cut/mend: link down in the host's own side (packets silently dropped, no RST), as a pulled cable.
set -euo pipefail
# Names that this script makes begin with PFX, and it removes only those; two that run at once have another PFX and NET each.
PFX=${PFX:-fg}
NET=${NET:-10.77.0}
up() { D=$1; N=${2:-2}; mkdir -p "$D" /run/sshd; chmod 755 /run/sshd
  [ -f "$D/id" ] || ssh-keygen -q -t ed25519 -N '' -f "$D/id"
  cp "$D/id.pub" "$D/authorized_keys"; chmod 600 "$D/authorized_keys"
  ip link add ${PFX}br type bridge; ip addr add $NET.1/24 dev ${PFX}br; ip link set ${PFX}br up
  : > "$D/ssh_config"
  for k in $(seq 1 "$N"); do ns=${PFX}h$k; a=$NET.$((10+k))
    ip netns add $ns
    ip link add ${PFX}v$k type veth peer name eth0 netns $ns
    ip link set ${PFX}v$k master ${PFX}br up
    ip -n $ns addr add $a/24 dev eth0; ip -n $ns link set eth0 up; ip -n $ns link set lo up
    mkdir -p "$D/h$k/home"; [ -f "$D/h$k/hostkey" ] || ssh-keygen -q -t ed25519 -N '' -f "$D/h$k/hostkey"
    cat > "$D/h$k/sshd_config" <<X
Port 22
ListenAddress $a
HostKey $D/h$k/hostkey
PidFile $D/h$k/sshd.pid
AuthorizedKeysFile $D/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PermitRootLogin prohibit-password
StrictModes no
ClientAliveInterval 2
ClientAliveCountMax 3
Subsystem sftp internal-sftp
SetEnv GRID_HOST=h$k HOME=$D/h$k/home
X
    # `ip netns exec` gives the namespace its own /sys mount; a uts namespace gives it its own host name
    ip netns exec $ns unshare --uts sh -c "hostname h$k; exec /usr/sbin/sshd -f '$D/h$k/sshd_config' -E '$D/h$k/sshd.log'"
    cat >> "$D/ssh_config" <<X
Host h$k
  HostName $a
X
  done
  cat >> "$D/ssh_config" <<X
Host *
  User root
  IdentityFile $D/id
  IdentitiesOnly yes
  BatchMode yes
  UserKnownHostsFile $D/known_hosts
  StrictHostKeyChecking accept-new
  ConnectTimeout 3
  ServerAliveInterval 2
  ServerAliveCountMax 2
X
}
cut_() { ip -n ${PFX}h$1 link set eth0 down; }
mend() { ip -n ${PFX}h$1 link set eth0 up; }
slow() { tc -n ${PFX}h$1 qdisc add dev eth0 root tbf rate 200kbit burst 16kb latency 1s; }
fast() { tc -n ${PFX}h$1 qdisc del dev eth0 root; }
down() { D=$1; N=${2:-2}
  for k in $(seq 1 "$N"); do
    # every process in this namespace was started through it by this script or over its sshd
    for p in $(ip netns pids ${PFX}h$k 2>/dev/null); do kill -9 "$p" 2>/dev/null || true; done
    ip netns del ${PFX}h$k 2>/dev/null || true; ip link del ${PFX}v$k 2>/dev/null || true
  done
  ip link del ${PFX}br 2>/dev/null || true; }
bounce() { pkill -KILL -x sshd --ns "$(cat "$1/h$2/sshd.pid")" --nslist net || true; sleep 2
  ip netns exec ${PFX}h$2 unshare --uts sh -c "hostname h$2; exec /usr/sbin/sshd -f '$1/h$2/sshd_config' -E '$1/h$2/sshd.log'"; }
c=$1; shift; case $c in up) up "$@";; cut) cut_ "$@";; mend) mend "$@";; slow) slow "$@";; fast) fast "$@";; bounce) bounce "$@";; down) down "$@";; *) exit 2;; esac
