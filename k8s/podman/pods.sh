# For ./play: podman, with storage and settings of its own.

pod() {
  podman --root "$work/storage" --runroot "$work/run" --tmpdir "$work/tmp" --storage-driver vfs "$@"
}

# Of podman itself, so that the machine's settings do not count.
configure_podman() {
  cat >"$work/containers.conf" <<'END'
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
END
  export CONTAINERS_CONF=$work/containers.conf
}

# To podman a Secret is JSON of base64 under one name.
create_secrets() {
  local name
  for name in $(secrets | awk '{ print $1 }' | sort -u); do
    secrets | awk -v name="$name" '$1 == name { all = all (all == "" ? "" : ",") "\"" $2 "\":\"" $3 "\"" }
      END { print "{" all "}" }' | pod secret create "$name" - >/dev/null
  done
}

# Lets podman play an object together with all ConfigMaps.
play() {
  { objects ConfigMap; cat; } >"$work/$1.yaml"
  pod kube play "$work/$1.yaml" >"$work/$1.log" 2>&1 || {
    cat "$work/$1.log" >&2
    fail "podman does not play $1"
  }
}

# The container of a program, whose name podman ends with the one that the manifest gives it.
container() {
  pod ps -a --format '{{.Names}}' | grep -- "-$1\$"
}

inspect() {
  pod inspect -f "$2" "$(container "$1")"
}

# What the manifests demand of the process, and the kernel says of it; and whose passwords it holds.
check_process() {
  local pid status other
  pid=$(inspect "$1" '{{.State.Pid}}')
  status=$(awk '/^(Uid|CapEff|NoNewPrivs|Seccomp):/ { printf "%s %s  ", $1, $2 }' "/proc/$pid/status")
  step "$1: ${status}read-only root $(inspect "$1" '{{.HostConfig.ReadonlyRootfs}}')," \
    "memory $(($(inspect "$1" '{{.HostConfig.Memory}}') >> 20)) MiB"
  case $status in
    "Uid: 10001  CapEff: 0000000000000000  NoNewPrivs: 1  Seccomp: 2  ") ;;
    *) fail "$1 does not run as the manifest demands" ;;
  esac
  [ "$(inspect "$1" '{{.HostConfig.ReadonlyRootfs}}')" = true ] || fail "$1 may write on its image"
  for other in gateway order-worker schema; do
    if grep -qF "$(secret "seckill-$other" mysql-password)" "/proc/$pid/environ"; then
      [ "$other" = "$1" ] || fail "$1 has the password of $other in its environment"
    else
      [ "$other" != "$1" ] || fail "$1 has no password in its environment"
    fi
  done
}

# The ends of what all pods said.
logs() {
  local name
  for name in $(pod ps -a --format '{{.Names}}' | grep -v -- '-infra$'); do
    printf -- '--- %s\n' "$name"
    pod logs "$name" 2>&1 | tail -n 20
  done
}

# By SIGTERM, with the grace of the manifest. A JVM that ended by itself says 143, one that was killed 137.
end() {
  local grace code from=$EPOCHREALTIME
  grace=$(objects Deployment "$1" | awk '/terminationGracePeriodSeconds:/ { print $2 }')
  pod stop -t "$grace" "$(container "$1")" >/dev/null
  code=$(inspect "$1" '{{.State.ExitCode}}')
  step "$1 ended in $(awk -v now="$EPOCHREALTIME" -v from="$from" 'BEGIN { printf "%.1f", now - from }') s" \
    "of $grace, exit code $code"
  [ "$code" = 143 ] || fail "$1 did not end by itself"
}
