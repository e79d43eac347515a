{{- define "mail.host" -}}
{{ required "give a host" .Values.host }}
{{- end }}
