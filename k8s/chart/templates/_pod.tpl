{{/*
The pod template of edge and history.
Takes root, roles (a list), and values (.Values.edge or .Values.history).
*/}}
{{- define "chatql.podTemplate" -}}
{{- $root := .root -}}
{{- $edge := has "edge" .roles -}}
{{- $history := has "history" .roles -}}
{{- $component := ternary "history" "edge" $history -}}
{{- $fullname := include "chatql.fullname" $root -}}
{{- $kafka := include "chatql.kafka" $root | fromYaml -}}
{{- $drain := int $root.Values.drainSeconds -}}
metadata:
  labels:
    {{- include "chatql.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $component }}
    {{- range .roles }}
    chatql/{{ . }}: "true"
    {{- end }}
    {{- with .values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/settings: {{ include (print $root.Template.BasePath "/settings.yaml") $root | sha256sum }}
    {{- with .values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "chatql.serviceAccount" $root }}
  automountServiceAccountToken: false
  # Otherwise a Service named chatql-history would add CHATQL_HISTORY_PORT and more to the gateway's settings.
  enableServiceLinks: false
  # The wait, the drain, and 5 s to stop; history needs up to 5 s more to close its stores.
  terminationGracePeriodSeconds: {{ add $root.Values.preStopSeconds $drain (ternary 10 5 $history) }}
  securityContext:
    {{- include "chatql.securityContext" $root.Values.podSecurityContext | nindent 4 }}
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.hostAliases }}
  hostAliases:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- range $key, $policy := dict "topology.kubernetes.io/zone" $root.Values.topologySpread.zones "kubernetes.io/hostname" $root.Values.topologySpread.nodes }}
    - maxSkew: 1
      topologyKey: {{ $key }}
      whenUnsatisfiable: {{ $policy }}
      labelSelector:
        matchLabels:
          {{- include "chatql.selector" $root | nindent 10 }}
          app.kubernetes.io/component: {{ $component }}
      {{- if not $history }}
      matchLabelKeys: [pod-template-hash]
      {{- end }}
    {{- end }}
  containers:
    - name: gateway
      image: {{ include "chatql.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      ports:
        - name: http
          containerPort: 8080
        - name: management
          containerPort: 8081
      envFrom:
        - configMapRef:
            name: {{ $fullname }}
        {{- with $root.Values.extraEnvFrom }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      env:
        - name: CHATQL_ROLES
          value: {{ join "," .roles }}
        - name: SERVER_PORT
          value: "8080"
        - name: MANAGEMENT_SERVER_PORT
          value: "8081"
        - name: CHATQL_TRANSPORT_DRAIN_TIMEOUT
          value: {{ $drain }}s
        # Otherwise Spring would continue with the next phase while the drain still runs.
        - name: SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE
          value: {{ add $drain 5 }}s
        {{- if or $history $root.Values.tracing.endpoint }}
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- end }}
        {{- if $root.Values.tracing.endpoint }}
        - name: OTEL_RESOURCE_ATTRIBUTES
          value: service.instance.id=$(POD_NAME)
        {{- end }}
        {{- if $history }}
        - name: CHATQL_HISTORY_GROUP_INSTANCE_ID
          value: $(POD_NAME)
        - name: CHATQL_HISTORY_ADVERTISED_ADDRESS
          value: $(POD_NAME).{{ $fullname }}-history-pods:8080
        - name: CHATQL_HISTORY_STANDBY_REPLICAS
          value: {{ int .values.standbyReplicas | quote }}
        - name: CHATQL_HISTORY_ROCKSDB_MEMORY
          value: {{ .values.memory }}
        - name: CHATQL_DATA_DIR
          value: /var/lib/chatql
        {{- else }}
        - name: CHATQL_HISTORY_URL
          value: http://{{ $fullname }}-history:8080
        {{- end }}
        {{- with .values.jvmOptions }}
        - name: JDK_JAVA_OPTIONS
          value: {{ . | quote }}
        {{- end }}
        {{- if $kafka.saslSecret }}
        - name: SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG
          valueFrom:
            secretKeyRef:
              name: {{ $kafka.saslSecret }}
              key: {{ $kafka.jaasConfigKey }}
        {{- end }}
        {{- if $kafka.trustSecret }}
        - name: SPRING_KAFKA_SSL_TRUST_STORE_CERTIFICATES
          valueFrom:
            secretKeyRef:
              name: {{ $kafka.trustSecret }}
              key: {{ $kafka.trustKey }}
        {{- end }}
        {{- if $kafka.clientSecret }}
        - name: SPRING_KAFKA_SSL_KEY_STORE_CERTIFICATE_CHAIN
          valueFrom:
            secretKeyRef:
              name: {{ $kafka.clientSecret }}
              key: {{ $kafka.clientCertificateKey }}
        - name: SPRING_KAFKA_SSL_KEY_STORE_KEY
          valueFrom:
            secretKeyRef:
              name: {{ $kafka.clientSecret }}
              key: {{ $kafka.clientPrivateKeyKey }}
        {{- end }}
        {{- with $root.Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- range $probe := list "startupProbe" "readinessProbe" "livenessProbe" }}
      {{- with get $root.Values $probe }}
      {{ $probe }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
      {{- if int $root.Values.preStopSeconds }}
      lifecycle:
        preStop:
          sleep:
            seconds: {{ int $root.Values.preStopSeconds }}
      {{- end }}
      securityContext:
        {{- include "chatql.securityContext" $root.Values.securityContext | nindent 8 }}
      volumeMounts:
        # RocksDB unpacks its native library here, so the volume must allow execution.
        - name: tmp
          mountPath: /tmp
        {{- if $history }}
        - name: data
          mountPath: /var/lib/chatql
        {{- end }}
        {{- with $root.Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with $root.Values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $root.Values.extraInitContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 256Mi
    {{- with $root.Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* A security context from the values. Null fields are omitted, and ids are whole numbers. */}}
{{- define "chatql.securityContext" -}}
{{- $context := dict -}}
{{- range $key, $value := . -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $context $key (ternary (int64 $value) $value (has $key (list "runAsUser" "runAsGroup" "fsGroup"))) -}}
{{- end -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}
