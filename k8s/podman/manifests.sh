# For ./play: what k8s/podman renders to, and its parts.

render() {
  if command -v kustomize >/dev/null; then
    kustomize build "$here"
  else
    kubectl kustomize "$here"
  fi >"$work/all.yaml" || fail "the manifests cannot be rendered"
}

# The rendered objects of a kind, or the one of a name.
objects() {
  awk -v kind="$1" -v name="${2:-}" '
    function flush() { if (k == kind && (name == "" || n == name)) printf "---\n%s", text; text = k = n = "" }
    /^---$/ { flush(); next }
    /^kind: / { k = $2 }
    /^  name: / { n = $2 }
    { text = text $0 "\n" }
    END { flush() }' "$work/all.yaml"
}

# The Secrets' values, a line each: Secret, key, value in base64, which stands on several lines if it is long.
secrets() {
  objects Secret | awk '
    function flush() { for (i = 1; i <= many; i++) print name, keys[i], values[i]; many = 0 }
    /^---$/ { flush() }
    /^[a-z]/ { section = $1 }
    section == "data:" && /^  [a-z]/ { keys[++many] = substr($1, 1, length($1) - 1); values[many] = $2 == "|" ? "" : $2 }
    section == "data:" && /^    / { values[many] = values[many] $1 }
    section == "metadata:" && /^  name: / { name = $2 }
    END { flush() }'
}

# One value of a Secret, whose name ends with a hash.
secret() {
  secrets | awk -v name="$1" -v key="$2" 'index($1, name "-") == 1 && $2 == key { print $3 }' | base64 -d
}

# The Job's pod, since podman 4 knows no Jobs.
schema_pod() {
  printf -- '---\napiVersion: v1\nkind: Pod\n'
  objects Job schema | awk '
    /^  template:/ { on = 1; next }
    on && !/^    / { exit }
    on { print substr($0, 5) }
    on && /^    metadata:/ { print "  name: schema" }'
}
