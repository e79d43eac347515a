keys=$(git ls-tree --name-only "${KEYS:-$BASE}" signing-keys/ | grep '[.]asc$') || { echo "${KEYS:-the base branch} has no key in signing-keys/"; exit 1; }
GNUPGHOME=$(mktemp -d) && export GNUPGHOME
trap 'gpgconf --kill all; rm -rf "$GNUPGHOME"' EXIT
for key in $keys; do git show "${KEYS:-$BASE}:$key" | gpg --batch --quiet --import; done
for commit in $(git rev-list "$BASE..HEAD"); do
  git verify-commit "$commit" || { git log -1 --format="commit %h of %an is not signed with one of these keys" "$commit"; exit 1; }
done
