keys=$(git ls-tree --name-only "$BASE" signing-keys/ | grep '[.]asc$') || { echo "the base branch has no key in signing-keys/"; exit 1; }
GNUPGHOME=$(mktemp -d) && export GNUPGHOME
for key in $keys; do git show "$BASE:$key" | gpg --batch --quiet --import; done
for commit in $(git rev-list "$BASE..HEAD"); do
  git verify-commit "$commit" || { git log -1 --format="commit %h of %an is not signed with one of these keys" "$commit"; exit 1; }
done
