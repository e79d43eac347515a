{{- define "web.password" }}{{ randAlphaNum 20 }}{{ end }}
