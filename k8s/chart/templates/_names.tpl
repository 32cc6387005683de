{{/* Short enough that the name of a pod, and of its revision, is a valid label value, and without an invalid last character. */}}
{{- define "chatql.short" -}}
{{- regexReplaceAll "[-._]+$" (trunc 40 .) "" -}}
{{- end -}}

{{- define "chatql.name" -}}
{{- default .Chart.Name .Values.nameOverride | include "chatql.short" -}}
{{- end -}}

{{- define "chatql.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- include "chatql.short" .Values.fullnameOverride -}}
{{- else if contains (include "chatql.name" .) .Release.Name -}}
{{- include "chatql.short" .Release.Name -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "chatql.name" .) | include "chatql.short" -}}
{{- end -}}
{{- end -}}

{{- define "chatql.selector" -}}
app.kubernetes.io/name: {{ include "chatql.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "chatql.labels" -}}
{{ include "chatql.selector" . }}
app.kubernetes.io/version: {{ regexReplaceAll "^[-._]+|[-._]+$" (.Values.image.tag | default .Chart.AppVersion | trunc 63) "" | quote }}
{{- end -}}

{{- define "chatql.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "chatql.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "chatql.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "chatql.strimzi.cluster" -}}
{{- default (include "chatql.fullname" .) .Values.strimzi.cluster.name -}}
{{- end -}}

{{/* A route is one proxy, whose controller adds to X-Forwarded-For. */}}
{{- define "chatql.proxies" -}}
{{- if eq (toString .Values.proxies) "" -}}
{{- ternary 1 0 (or .Values.ingress.enabled .Values.httpRoute.enabled) -}}
{{- else -}}
{{- int .Values.proxies -}}
{{- end -}}
{{- end -}}

{{/* The paths of a route, and of the page if it has it: a JSON array of {path, exactly}. The page is at / exactly, because
requests between pods are below it. */}}
{{- define "chatql.paths" -}}
{{- $paths := list -}}
{{- range .paths }}{{ $paths = append $paths (dict "path" . "exactly" false) }}{{ end -}}
{{- if .page }}{{ $paths = concat $paths (list (dict "path" "/" "exactly" true) (dict "path" "/chat" "exactly" false)) }}{{ end -}}
{{- toJson $paths -}}
{{- end }}
