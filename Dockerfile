# Builds and runs Batch Emulator from a clean clone:
#
#   docker build -t batch-emulator .
#   docker run -p 22824:22824 -v batch-emulator:/data batch-emulator
#
# Jobs in containers need the host's engine. Its socket belongs to a group, whose number differs from host to host, so name it:
#
#   docker run -p 22824:22824 -v batch-emulator:/data \
#       -v /var/run/docker.sock:/var/run/docker.sock --group-add "$(stat -c %g /var/run/docker.sock)" batch-emulator
#
# Who reaches the port can then run containers on the host: publish it to 127.0.0.1 (-p 127.0.0.1:22824:22824) on shared networks.

# Other registries and mirrors: --build-arg SDK_IMAGE=... --build-arg RUNTIME_IMAGE=...
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
# The projects alone first: the packages are restored again only when one of these files changes.
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY src/BatchEmulator.Contract/BatchEmulator.Contract.csproj src/BatchEmulator.Contract/
COPY src/BatchEmulator.Core/BatchEmulator.Core.csproj src/BatchEmulator.Core/
COPY src/BatchEmulator.Server/BatchEmulator.Server.csproj src/BatchEmulator.Server/
# linux-x64 or linux-arm64, as the machine that builds: ReadyToRun code is for one of them.
RUN dotnet restore src/BatchEmulator.Server --use-current-runtime -p:PublishReadyToRun=true
COPY src src
RUN dotnet publish src/BatchEmulator.Server --configuration Release --use-current-runtime --no-self-contained --no-restore \
    -p:PublishReadyToRun=true --output /app

FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="Batch Emulator" \
    org.opencontainers.image.description="AWS Batch on your own machine: speaks the AWS Batch protocol, schedules, and runs the jobs" \
    org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /app /opt/batch-emulator
# By number and without useradd: not every base image has it, and Kubernetes wants a number to see that it is not root.
RUN ln -s /opt/batch-emulator/batch-emulator /usr/local/bin/batch-emulator && install -d -o 1654 -g 1654 /data
USER 1654:1654
ENV BATCH_EMULATOR_HOST=0.0.0.0 BATCH_EMULATOR_PORT=22824 BATCH_EMULATOR_DATA=/data HOME=/tmp
VOLUME /data
WORKDIR /data
EXPOSE 22824
# The base image has no curl; bash, which it has, opens connections by itself. Relies on the default port inside the container.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/22824 && printf 'GET /_emulator/health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.. 200' <&3"]
ENTRYPOINT ["batch-emulator"]
