{{/* The connection to Kafka, from the values or derived from Strimzi. */}}
{{- define "chatql.kafka" -}}
{{- $kafka := .Values.kafka -}}
{{- if .Values.strimzi.enabled -}}
{{- $cluster := include "chatql.strimzi.cluster" . -}}
bootstrapServers: {{ printf "%s-kafka-bootstrap:9093" $cluster | quote }}
securityProtocol: SASL_SSL
saslMechanism: SCRAM-SHA-512
saslSecret: {{ include "chatql.fullname" . }}
jaasConfigKey: sasl.jaas.config
trustSecret: {{ $cluster }}-cluster-ca-cert
trustKey: ca.crt
clientSecret: ""
{{- else -}}
bootstrapServers: {{ $kafka.bootstrapServers | quote }}
securityProtocol: {{ $kafka.securityProtocol }}
{{- if hasPrefix "SASL_" $kafka.securityProtocol }}
saslMechanism: {{ $kafka.sasl.mechanism | quote }}
saslSecret: {{ $kafka.sasl.existingSecret | quote }}
jaasConfigKey: {{ $kafka.sasl.jaasConfigKey | quote }}
{{- end }}
{{- if hasSuffix "SSL" $kafka.securityProtocol }}
trustSecret: {{ $kafka.tls.trustSecret | quote }}
trustKey: {{ $kafka.tls.trustKey | quote }}
clientSecret: {{ $kafka.tls.clientSecret | quote }}
clientCertificateKey: {{ $kafka.tls.clientCertificateKey | quote }}
clientPrivateKeyKey: {{ $kafka.tls.clientPrivateKeyKey | quote }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The ports that NetworkPolicies open towards Kafka. */}}
{{- define "chatql.kafka.ports" -}}
{{- $ports := list -}}
{{- range .Values.networkPolicy.kafkaPorts -}}
{{- $ports = append $ports (int .) -}}
{{- end -}}
{{- if not $ports -}}
{{- $kafka := include "chatql.kafka" . | fromYaml -}}
{{- range splitList "," $kafka.bootstrapServers -}}
{{- with regexFind "[0-9]+$" . -}}
{{- $ports = append $ports (int .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}
