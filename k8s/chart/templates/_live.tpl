{{/* Whether there is a cluster to query: a cluster lists kinds, too, and `helm template` only versions. */}}
{{- define "chatql.cluster" -}}
{{- if .Capabilities.APIVersions.Has "apps/v1/Deployment" }}true{{ end -}}
{{- end -}}

{{/* A workload as it is in the cluster, in JSON; empty where there is none. Takes root, kind and component. */}}
{{- define "chatql.live" -}}
{{- $live := dict -}}
{{- if include "chatql.cluster" .root -}}
{{- $live = lookup "apps/v1" .kind .root.Release.Namespace (printf "%s-%s" (include "chatql.fullname" .root) .component) -}}
{{- end -}}
{{- toJson $live -}}
{{- end -}}
