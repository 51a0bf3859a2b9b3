#!/usr/bin/env bash
# Put the changed list on a branch of its own: one commit on top of HEAD, pushed only when its
# content differs from what the branch already holds. Reads LIST and BRANCH from the environment.
set -euo pipefail

git add -- "$LIST"
tree=$(git write-tree)
if [ "$tree" = "$(git rev-parse 'HEAD^{tree}')" ]; then
    pushed=false
elif git fetch --quiet --depth 1 origin "$BRANCH" 2>/dev/null \
    && [ "$(git rev-parse 'FETCH_HEAD^{tree}')" = "$tree" ]; then
    pushed=false
else
    commit=$(git commit-tree "$tree" -p HEAD -m "Update citation counts and links")
    git push --quiet --force origin "$commit:refs/heads/$BRANCH"
    pushed=true
fi
echo "pushed=$pushed" >> "${GITHUB_OUTPUT:-/dev/stdout}"
