{{- define "web.size" -}}
size-{{ .Values.own.size }}
{{- end }}
