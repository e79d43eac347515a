"""A finding on a rendered object stands at the line that set the field; each tree marks that line with `# here`."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check, lines, write

from scaffold import parse
from scaffold.model import Kustomization, Manifest
from scaffold.validate.tracing import setters
from scaffold.validate.tracing.levels import Object

_POD = """
# base/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: proxy
      image: registry.example.com/proxy:1.0.0
    - name: web
      image: registry.example.com/web:1.0.0
"""
_DEPLOYMENT = """
# base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
"""
_BASE_POD = "\n# base/kustomization.yaml\nresources:\n  - pod.yaml" + _POD
_BASE_DEPLOYMENT = "\n# base/kustomization.yaml\nresources:\n  - deployment.yaml" + _DEPLOYMENT

TREES = {
    "base": """
# base/kustomization.yaml
resources:
  - pod.yaml
# base/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web  # here
# overlay/kustomization.yaml
resources:
  - ../base
""",
    "overlay at the root": """
# kustomization.yaml
resources:
  - pod.yaml
# pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web  # here
""",
    "second document of a base, under a prefix and a suffix": """
# base/kustomization.yaml
namePrefix: team-
resources:
  - pods.yaml
# base/pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.0.0
---
apiVersion: v1
kind: Pod
metadata:
  name: web-worker
spec:
  containers:
    - name: web
      image: registry.example.com/web  # here
# overlay/kustomization.yaml
nameSuffix: -dev
resources:
  - ../base
""",
    "member of a list in a base": """
# base/kustomization.yaml
resources:
  - list.yaml
# base/list.yaml
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
  - apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web  # here
# overlay/kustomization.yaml
resources:
  - ../base
""",
    "patch file": _BASE_POD
    + """
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - path: patch.yaml
# overlay/patch.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:latest  # here
""",
    "second document of a patch file with a comment in front": _BASE_POD
    + """
# overlay/kustomization.yaml
resources:
  - ../base
  - config.yaml
patches:
  - path: patch.yaml
# overlay/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
# overlay/patch.yaml
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  mode: fast
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:latest  # here
""",
    "inline strategic patch": _BASE_POD
    + """
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - patch: |-
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: web
            image: registry.example.com/web:latest  # here
""",
    "second of two inline patches of the old field": _BASE_POD
    + """
# overlay/kustomization.yaml
resources:
  - ../base
patchesStrategicMerge:
  - |-
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      hostname: web
  - |-
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:latest  # here
""",
    "operation of an inline patch": _BASE_POD
    + """
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - target:
      kind: Pod
      name: web
    patch: |
      - op: replace
        path: /spec/containers/0/image
        value: registry.example.com/proxy:2.0.0
      - op: replace
        path: /spec/containers/1/image
        value: registry.example.com/web:latest  # here
""",
    "operation of a patch file, in a list that it adds to": _BASE_POD
    + """
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - path: patch.yaml
    target:
      kind: Pod
# overlay/patch.yaml
- op: add
  path: /spec/containers/-
  value:
    name: debug
    image: registry.example.com/debug  # here
""",
    "patch of a base under an overlay with another patch": """
# base/kustomization.yaml
resources:
  - pod.yaml
patches:
  - path: patch.yaml
# base/patch.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:latest  # here
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - target:
      kind: Pod
    patch: |
      - op: add
        path: /spec/hostname
        value: web
"""
    + _POD,
    "patch for another object that is called alike": """
# base/kustomization.yaml
resources:
  - pods.yaml
# base/pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web  # here
---
apiVersion: v1
kind: Pod
metadata:
  name: web-worker
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.0.0
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - path: patch.yaml
# overlay/patch.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web-worker
spec:
  containers:
    - name: web
      image: registry.example.com/web:2.0.0
""",
    "tag of an images entry": _BASE_POD
    + """
# overlay/kustomization.yaml
resources:
  - ../base
images:
  - name: registry.example.com/proxy
    newTag: 2.0.0
  - name: registry.example.com/web
    newTag: latest  # here
""",
    "images entry of a base": """
# base/kustomization.yaml
resources:
  - pod.yaml
images:
  - name: registry.example.com/web
    newName: registry.example.com:5000/web
    newTag: latest  # here
# overlay/kustomization.yaml
resources:
  - ../base
"""
    + _POD,
    "patch in a component": _BASE_POD
    + """
# component/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target:
      kind: Pod
    patch: |
      - op: replace
        path: /spec/containers/1/image
        value: registry.example.com/web:latest  # here
# overlay/kustomization.yaml
resources:
  - ../base
components:
  - ../component
""",
    "replacement": _BASE_POD
    + """
# overlay/kustomization.yaml
resources:
  - ../base
  - config.yaml
replacements:
  - source:
      kind: ConfigMap
      name: images
      fieldPath: data.web
    targets:
      - select:
          kind: Pod
          name: web
        fieldPaths:
          - spec.containers.[name=web].image  # here
# overlay/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: images
data:
  web: registry.example.com/web:latest
""",
    "field that is misspelled in a patch": _BASE_DEPLOYMENT
    + """
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - path: patch.yaml
# overlay/patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replcas: 2  # here
""",
    "field that is required and missing in a base which an overlay patches": """
# base/kustomization.yaml
resources:
  - deployment.yaml
# base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:  # here
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - path: patch.yaml
# overlay/patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
""",
    "field that a strategic patch removes": _BASE_DEPLOYMENT
    + """
# overlay/kustomization.yaml
resources:
  - ../base
patches:
  - path: patch.yaml
# overlay/patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:  # here
  selector: null
""",
    "namespace field": """
# .gitops-scaffold.yaml
environments:
  - name: dev
  - name: production
# apps/shop/web/base/kustomization.yaml
resources:
  - config.yaml
# apps/shop/web/base/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
# apps/shop/web/overlays/dev/kustomization.yaml
resources:
  - ../../base
namespace: shop-production  # here
""",
    "generated config map with a hash": """
# .gitops-scaffold.yaml
environments:
  - name: dev
  - name: production
# apps/shop/web/overlays/dev/kustomization.yaml
configMapGenerator:
  - name: settings
    namespace: shop-dev
    literals:
      - mode=fast
  - name: settings-of-web  # here
    namespace: shop-production
    literals:
      - mode=fast
""",
    "values of a chart, the overlay's own first": """
# application.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/shop.git
    path: web
  destination:
    name: in-cluster
    namespace: web
# web/Chart.yaml
apiVersion: v2
name: web
version: 1.0.0
dependencies:
  - name: inner
    version: 1.0.0
    repository: file://../charts/inner
# web/values.yaml
inner:
  image:
    tag: latest  # here
# charts/inner/Chart.yaml
apiVersion: v2
name: inner
version: 1.0.0
# charts/inner/values.yaml
image:
  tag: latest
# charts/inner/templates/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: "registry.example.com/web:{{ .Values.image.tag }}"
""",
}


FIELDS = {
    "replicas": (
        ("spec", "replicas"),
        3,
        "replicas:\n  - name: other\n    count: 3\n  - name: web\n    count: 3  # here\n",
    ),
    "labels": (("metadata", "labels", "team"), "shop", "labels:\n  - pairs:\n      team: shop  # here\n"),
    "common labels": (("spec", "selector", "matchLabels", "team"), "shop", "commonLabels:\n  team: shop  # here\n"),
    "common annotations": (("metadata", "annotations", "team"), "shop", "commonAnnotations:\n  team: shop  # here\n"),
    "namespace of a subject": (("subjects", 0, "namespace"), "shop", "namespace: shop  # here\n"),
    "digest": (
        ("spec", "image"),
        "a.b:5000/c@sha256:0",
        "images:\n  - name: a.b:5000/c\n    digest: sha256:0  # here\n",
    ),
}


@pytest.mark.parametrize("name", FIELDS)
def test_the_field_of_a_kustomization_that_set_a_field(name: str) -> None:
    pointer, value, text = FIELDS[name]
    data: object = value
    for part in reversed(pointer):
        data = [data] if isinstance(part, int) else {part: data}
    assert isinstance(data, dict)
    data = {"apiVersion": "apps/v1", "kind": "Deployment", **data}
    data["metadata"] = {"name": "dev-web", **data.get("metadata", {})}
    level = Kustomization("", Manifest(parse.parse(text).documents[0], "kustomization.yaml"))
    place = setters.source(level, Object(Manifest(data, ""), pointer, at_key=False, source_name="web"))
    assert place is not None
    line, _ = parse.locate(text, 0, place.pointer)
    assert text.splitlines()[line - 1].endswith("# here")


def _marked(root: Path) -> list[tuple[str, int]]:
    found = []
    for path in sorted(file for file in root.rglob("*") if file.is_file()):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.endswith("# here"):
                found.append((path.relative_to(root).as_posix(), number))
    return found


@pytest.mark.parametrize("name", TREES)
def test_the_line_that_set_the_field(name: str, tmp_path: Path) -> None:
    root = write(tmp_path, TREES[name])
    report = check(root)
    assert [finding.location[:2] for finding in report.findings] == _marked(root), lines(report, root)


def test_columns(tmp_path: Path) -> None:
    root = write(tmp_path, TREES["inline strategic patch"])
    assert check(root).findings[0].location.column == len("            image: ") + 1
    images = "images: [{name: registry.example.com/web, newTag: latest}]\n"
    write(root, f"# overlay/kustomization.yaml\nresources: [../base]\n{images}")
    assert check(root).findings[0].location == ("overlay/kustomization.yaml", 2, 51)


def test_folded_patch_is_pointed_at_as_a_whole(tmp_path: Path) -> None:
    patch = """# overlay/kustomization.yaml
resources: [../base]
patches:
  - target: {kind: Pod}
    patch: '[{"op": "replace", "path": "/spec/containers/1/image", "value": "web"}]'
"""
    report = check(write(tmp_path, _BASE_POD + patch))
    assert [finding.location for finding in report.findings] == [("overlay/kustomization.yaml", 4, 12)]


def test_a_flaw_of_a_base_is_one_finding_for_all_its_overlays(tmp_path: Path) -> None:
    overlays = "".join(
        f"\n# overlays/{name}/kustomization.yaml\nnamePrefix: {name}-\nresources:\n  - ../../base\n"
        for name in ("dev", "staging", "production")
    )
    root = write(tmp_path, TREES["base"] + overlays)
    report = check(root)
    assert len(report.findings) == 1
    assert "Pod 'web'" in report.findings[0].message


def test_fingerprints_survive_moved_lines_and_tell_flaws_apart(tmp_path: Path) -> None:
    root = write(tmp_path, TREES["base"])
    before = [finding.fingerprint for finding in check(root).findings]
    pod = root / "base/pod.yaml"
    pod.write_text("# moved\n\n" + pod.read_text())
    assert [finding.fingerprint for finding in check(root).findings] == before
    pod.write_text(pod.read_text() + "    - name: other\n      image: registry.example.com/other\n")
    after = [finding.fingerprint for finding in check(root).findings]
    assert len(set(after)) == 2
    assert set(before) < set(after)
