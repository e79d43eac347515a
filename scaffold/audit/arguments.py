"""The words of a command to verbs and options, as clients of clusters read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_VALUES = frozenset(
    """-n --namespace --context --kube-context --kubeconfig --cluster --user -s --server --token --as -f --filename
    -k --kustomize -l --selector -o --output --values --set --set-string --set-file --set-json --version --repo
    --timeout --kube-token --kube-apiserver --certificate-authority --client-certificate --client-key --username
    --password --from-literal --from-file --image --replicas --type -p --patch --field-manager --cascade
    --history-max --description --post-renderer --app-version --auth-token --grpc-web-root-path --revision -e
    --environment --state-values-set -c --container --resource-group -g --name --region --zone --project --profile
    --role-arn --cluster-name --path --source --url --branch --owner --repository --account --inventory -i --chart
    --template-file --param --param-file -u""".split()
)


class Arguments:
    """`verbs` are the words that are no options; an option's values are those that follow it or its equals sign."""

    def __init__(self, words: Sequence[str]) -> None:
        self.verbs: list[str] = []
        self._options: list[tuple[str, str]] = []
        rest = iter(words)
        for word in rest:
            if word in ("--", "|"):
                self.verbs.extend(rest)
            elif word.startswith("-") and len(word) > 1:
                self._options.append(self._option(word, rest))
            else:
                self.verbs.append(word)

    @staticmethod
    def _option(word: str, rest: Iterator[str]) -> tuple[str, str]:
        name, equals, value = word.partition("=")
        if not equals and name in _VALUES:
            value = next(rest, "")
        return name, value

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self._options)

    def values(self, *names: str) -> list[str]:
        return [value for name, value in self._options if name in names and value]

    def value(self, *names: str) -> str:
        """The last value, which wins, or nothing."""
        return (self.values(*names) or [""])[-1]

    def verb(self, index: int = 0) -> str:
        return self.verbs[index] if index < len(self.verbs) else ""
