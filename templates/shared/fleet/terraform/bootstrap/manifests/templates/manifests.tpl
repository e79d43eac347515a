{{- range .Values.manifests }}
---
{{ . }}
{{- end }}
