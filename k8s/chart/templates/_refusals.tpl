{{/* Why these values can't be installed, all at once; what is merely misspelt is refused by values.schema.json. */}}
{{- define "chatql.refusals" -}}
{{- $why := list -}}
{{- with .Values -}}
{{- if and (not .kafka.bootstrapServers) (not .strimzi.enabled) -}}
{{- $why = append $why "kafka.bootstrapServers is not set: name your Kafka cluster as host:port,…, or set strimzi.enabled=true to have one made. Without it, every pod would start a broker of its own." -}}
{{- end -}}
{{- if and .kafka.bootstrapServers .strimzi.enabled -}}
{{- $why = append $why "kafka.bootstrapServers and strimzi.enabled=true are both set: say one of them, for with Strimzi the address follows from the cluster's name." -}}
{{- end -}}
{{- if and (hasPrefix "SASL_" .kafka.securityProtocol) (not .strimzi.enabled) -}}
{{- if not .kafka.sasl.mechanism -}}
{{- $why = append $why (printf "kafka.securityProtocol=%s needs kafka.sasl.mechanism." .kafka.securityProtocol) -}}
{{- end -}}
{{- if not .kafka.sasl.existingSecret -}}
{{- $why = append $why (printf "kafka.securityProtocol=%s needs kafka.sasl.existingSecret: the name of a Secret that holds the JAAS line." .kafka.securityProtocol) -}}
{{- end -}}
{{- end -}}
{{- if not .auth.mode -}}
{{- $why = append $why "auth.mode is not set: say jwt, with auth.issuerUri or auth.jwksUri and with auth.audience, or none together with auth.allowAnonymous=true. Nothing is open to everyone by accident." -}}
{{- end -}}
{{- if and (eq .auth.mode "none") (not .auth.allowAnonymous) -}}
{{- $why = append $why "auth.mode=none lets whoever reaches the port read and write as anybody: if that is meant, set auth.allowAnonymous=true as well." -}}
{{- end -}}
{{- if eq .auth.mode "jwt" -}}
{{- if .auth.allowAnonymous -}}
{{- $why = append $why "auth.allowAnonymous=true belongs to auth.mode=none: with jwt, nobody is anonymous." -}}
{{- end -}}
{{- if not (or .auth.issuerUri .auth.jwksUri) -}}
{{- $why = append $why "auth.mode=jwt needs auth.issuerUri or auth.jwksUri: whose tokens count." -}}
{{- end -}}
{{- if not .auth.audience -}}
{{- $why = append $why "auth.mode=jwt needs auth.audience: or a token that the issuer made for any other service would count here." -}}
{{- end -}}
{{- end -}}
{{- if and .edge.autoscaling.enabled (gt (int .edge.autoscaling.minReplicas) (int .edge.autoscaling.maxReplicas)) -}}
{{- $why = append $why "edge.autoscaling.minReplicas is above edge.autoscaling.maxReplicas." -}}
{{- end -}}
{{- if and .edge.autoscaling.enabled (not .edge.autoscaling.cpuUtilization) (not .edge.autoscaling.metricsAdapter) -}}
{{- $why = append $why "edge.autoscaling has nothing to go by: set edge.autoscaling.cpuUtilization or edge.autoscaling.metricsAdapter=true." -}}
{{- end -}}
{{- if and .ingress.enabled (not .ingress.host) -}}
{{- $why = append $why "ingress.enabled=true needs ingress.host." -}}
{{- end -}}
{{- if and .httpRoute.enabled (not .httpRoute.parentRefs) -}}
{{- $why = append $why "httpRoute.enabled=true needs httpRoute.parentRefs: the Gateway that it hangs on." -}}
{{- end -}}
{{- if and .strimzi.enabled .strimzi.topics.create (gt (int .strimzi.topics.minInsyncReplicas) (int .strimzi.topics.replicas)) -}}
{{- $why = append $why "strimzi.topics.minInsyncReplicas is above strimzi.topics.replicas: no message could ever be acknowledged." -}}
{{- end -}}
{{- end -}}
{{- if $why -}}
{{- fail (printf "\n\n  %s\n" (join "\n  " $why)) -}}
{{- end -}}
{{- end -}}
