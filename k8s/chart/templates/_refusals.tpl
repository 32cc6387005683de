{{/* All reasons why these values cannot be installed, at once. values.schema.json rejects unknown names and wrong types. */}}
{{- define "chatql.refusals" -}}
{{- $why := list -}}
{{- with .Values -}}
{{- if and (not .kafka.bootstrapServers) (not .strimzi.enabled) -}}
{{- $why = append $why "kafka.bootstrapServers is not set: name your Kafka cluster as host:port,…, or set strimzi.enabled=true to create one. Without it, every pod would start its own embedded broker." -}}
{{- end -}}
{{- if and .kafka.bootstrapServers .strimzi.enabled -}}
{{- $why = append $why "kafka.bootstrapServers and strimzi.enabled=true are both set: set only one of them. With Strimzi the address is derived from the cluster's name." -}}
{{- end -}}
{{- if and (hasPrefix "SASL_" .kafka.securityProtocol) (not .strimzi.enabled) -}}
{{- if not .kafka.sasl.mechanism -}}
{{- $why = append $why (printf "kafka.securityProtocol=%s needs kafka.sasl.mechanism." .kafka.securityProtocol) -}}
{{- end -}}
{{- if not .kafka.sasl.existingSecret -}}
{{- $why = append $why (printf "kafka.securityProtocol=%s needs kafka.sasl.existingSecret: the name of a Secret with the JAAS line." .kafka.securityProtocol) -}}
{{- end -}}
{{- end -}}
{{- if not .auth.mode -}}
{{- $why = append $why "auth.mode is not set: set it to jwt, with auth.issuerUri or auth.jwksUri and with auth.audience, or to none together with auth.allowAnonymous=true. Nothing is open to everyone by accident." -}}
{{- end -}}
{{- if and (eq .auth.mode "none") (not .auth.allowAnonymous) -}}
{{- $why = append $why "auth.mode=none lets every client that reaches the port read and write as any user: if that is intended, set auth.allowAnonymous=true as well." -}}
{{- end -}}
{{- if eq .auth.mode "jwt" -}}
{{- if .auth.allowAnonymous -}}
{{- $why = append $why "auth.allowAnonymous=true belongs to auth.mode=none: with jwt, no client is anonymous." -}}
{{- end -}}
{{- if not (or .auth.issuerUri .auth.jwksUri) -}}
{{- $why = append $why "auth.mode=jwt needs auth.issuerUri or auth.jwksUri: the issuer of accepted tokens." -}}
{{- end -}}
{{- if not .auth.audience -}}
{{- $why = append $why "auth.mode=jwt needs auth.audience: otherwise a token for any other service of the issuer would be accepted." -}}
{{- end -}}
{{- end -}}
{{- if and .edge.autoscaling.enabled (gt (int .edge.autoscaling.minReplicas) (int .edge.autoscaling.maxReplicas)) -}}
{{- $why = append $why "edge.autoscaling.minReplicas is above edge.autoscaling.maxReplicas." -}}
{{- end -}}
{{- if and .edge.autoscaling.enabled (not (int .edge.autoscaling.cpuUtilization)) (not .edge.autoscaling.metricsAdapter) (not .edge.autoscaling.metrics) -}}
{{- $why = append $why "edge.autoscaling has no metric: set edge.autoscaling.cpuUtilization, edge.autoscaling.metricsAdapter=true or edge.autoscaling.metrics." -}}
{{- end -}}
{{- if and (eq .layout "split") .edge.autoscaling.enabled (int .edge.autoscaling.cpuUtilization) -}}
{{- if not (include "chatql.requestsCpu" .edge) -}}
{{- $why = append $why "edge.autoscaling.cpuUtilization is a percentage of the CPU request, and there is none: set edge.resources.requests.cpu, or edge.autoscaling.cpuUtilization=0 with another metric." -}}
{{- end -}}
{{- range .extraContainers -}}
{{- if not (include "chatql.requestsCpu" .) -}}
{{- $why = append $why (printf "extraContainers: %s has no CPU request, and without one in every container a pod has no CPU utilization to scale on: set its resources.requests.cpu." .name) -}}
{{- end -}}
{{- end -}}
{{- range .extraInitContainers -}}
{{- if and (eq (toString .restartPolicy) "Always") (not (include "chatql.requestsCpu" .)) -}}
{{- $why = append $why (printf "extraInitContainers: %s runs alongside the gateway and has no CPU request, and without one in every container a pod has no CPU utilization to scale on: set its resources.requests.cpu." .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if gt (int .history.replicas) (int .kafka.topics.partitions) -}}
{{- $why = append $why (printf "history.replicas=%d is above kafka.topics.partitions=%d: each pod stores at least one partition, so the others would have none." (int .history.replicas) (int .kafka.topics.partitions)) -}}
{{- end -}}
{{- if ge (int .history.standbyReplicas) (int .history.replicas) -}}
{{- $why = append $why (printf "history.standbyReplicas=%d needs that many pods besides the first, but history.replicas=%d: set history.standbyReplicas=%d, or more replicas." (int .history.standbyReplicas) (int .history.replicas) (sub (int .history.replicas) 1)) -}}
{{- end -}}
{{- if and .podMonitor.enabled .serviceMonitor.enabled -}}
{{- $why = append $why "podMonitor.enabled=true and serviceMonitor.enabled=true: every pod would be scraped and counted twice. Enable only one of them." -}}
{{- end -}}
{{- if and (int .service.nodePort) (eq .service.type "ClusterIP") -}}
{{- $why = append $why "service.nodePort needs service.type=NodePort or LoadBalancer." -}}
{{- end -}}
{{- if and .service.loadBalancerClass (ne .service.type "LoadBalancer") -}}
{{- $why = append $why "service.loadBalancerClass needs service.type=LoadBalancer." -}}
{{- end -}}
{{- if and .service.externalTrafficPolicy (eq .service.type "ClusterIP") -}}
{{- $why = append $why "service.externalTrafficPolicy needs service.type=NodePort or LoadBalancer." -}}
{{- end -}}
{{- if and .ingress.enabled (not .ingress.host) -}}
{{- $why = append $why "ingress.enabled=true needs ingress.host." -}}
{{- end -}}
{{- if and .httpRoute.enabled (not .httpRoute.parentRefs) -}}
{{- $why = append $why "httpRoute.enabled=true needs httpRoute.parentRefs: the Gateway that it is attached to." -}}
{{- end -}}
{{- if and .strimzi.enabled .strimzi.topics.create (gt (int .strimzi.topics.minInsyncReplicas) (int .strimzi.topics.replicas)) -}}
{{- $why = append $why "strimzi.topics.minInsyncReplicas is above strimzi.topics.replicas: no message could ever be acknowledged." -}}
{{- end -}}
{{- end -}}
{{- $fullname := include "chatql.fullname" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $fullname) -}}
{{- $why = append $why (printf "%q cannot be the name of a Service, which begins with a letter and has only letters, digits and -: set fullnameOverride, or another name for the release." $fullname) -}}
{{- end -}}
{{- range include "chatql.live" (dict "root" . "kind" "StatefulSet" "component" "history") | fromJson | dig "spec" "volumeClaimTemplates" list -}}
{{- $wanted := $.Values.history.storage -}}
{{- if or (ne (include "chatql.bytes" .spec.resources.requests.storage) (include "chatql.bytes" $wanted.size)) (ne (.spec.storageClassName | default "") ($wanted.className | default "")) -}}
{{- $why = append $why (printf "history.storage is %s of the class %q, and its StatefulSet has %s of %q, which no upgrade can change in Kubernetes: see \"A larger volume\" in docs/kubernetes.md first." $wanted.size $wanted.className .spec.resources.requests.storage (.spec.storageClassName | default "")) -}}
{{- end -}}
{{- end -}}
{{- if .Values.strimzi.enabled -}}
{{- $cluster := include "chatql.strimzi.cluster" . -}}
{{- $longest := .Values.strimzi.cluster.create | ternary 25 47 -}}
{{- if not (regexMatch (printf "^[a-z]([-a-z0-9]{0,%d}[a-z0-9])?$" (sub $longest 2)) $cluster) -}}
{{- $why = append $why (printf "%q cannot be the name of Strimzi's cluster, from which it derives names of Services and of pods: such a name begins with a letter and has at most %d letters, digits and -. Set strimzi.cluster.name." $cluster $longest) -}}
{{- end -}}
{{- end -}}
{{- if $why -}}
{{- fail (printf "\n\n  %s\n" (join "\n  " $why)) -}}
{{- end -}}
{{- end -}}

{{/* Whether a container has a CPU request; without one, Kubernetes uses the limit. */}}
{{- define "chatql.requestsCpu" -}}
{{- $resources := .resources | default dict -}}
{{- (get ($resources.requests | default dict) "cpu") | default (get ($resources.limits | default dict) "cpu") -}}
{{- end -}}

{{/* A quantity as a number, because Kubernetes may write it differently than the values do. */}}
{{- define "chatql.bytes" -}}
{{- $units := dict "m" 0.001 "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- mulf (regexFind "^[0-9.]+" .) (get $units (regexReplaceAll "^[0-9.]+" . "")) -}}
{{- end -}}
