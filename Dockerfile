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
# Anyone who can reach the port can then run containers on the host: publish it to 127.0.0.1 (-p 127.0.0.1:22824:22824) on shared networks.

# Other registries and mirrors: --build-arg SDK_IMAGE=... --build-arg RUNTIME_IMAGE=... The first is Debian's or Ubuntu's; the second only
# needs glibc, so an image without a shell is sufficient (but jobs that run as processes of this container need their programs).
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0

FROM ${SDK_IMAGE} AS build
RUN command -v gcc >/dev/null && [ -e /usr/include/zlib.h ] \
    || { apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev zlib1g-dev && rm -rf /var/lib/apt/lists/*; }
WORKDIR /source
# The project files first: packages are restored again only if one of these files changes.
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props README.md ./
COPY src/BatchEmulator.Contract/BatchEmulator.Contract.csproj src/BatchEmulator.Contract/
COPY src/BatchEmulator.Core/BatchEmulator.Core.csproj src/BatchEmulator.Core/
COPY src/BatchEmulator.Executors/BatchEmulator.Executors.csproj src/BatchEmulator.Executors/
COPY src/BatchEmulator.Hosting/BatchEmulator.Hosting.csproj src/BatchEmulator.Hosting/
COPY src/BatchEmulator.Server/BatchEmulator.Server.csproj src/BatchEmulator.Server/
COPY src/BatchEmulator.Storage.LiteDb/BatchEmulator.Storage.LiteDb.csproj src/BatchEmulator.Storage.LiteDb/
COPY src/BatchEmulator.Storage.Sqlite/BatchEmulator.Storage.Sqlite.csproj src/BatchEmulator.Storage.Sqlite/
# linux-x64 or linux-arm64, like the build machine: native code is for one of them.
RUN dotnet restore src/BatchEmulator.Server --use-current-runtime
COPY src src
RUN dotnet publish src/BatchEmulator.Server --configuration Release --use-current-runtime --no-restore --output /app && mkdir /data

FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="Batch Emulator" \
    org.opencontainers.image.description="AWS Batch on your own machine: speaks the AWS Batch protocol, schedules, and runs the jobs" \
    org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /app /usr/local/bin
# By number: not every base image has a name for it, and Kubernetes requires a number to verify that it is not root.
COPY --from=build --chown=1654:1654 /data /data
USER 1654:1654
ENV BATCH_EMULATOR_HOST=0.0.0.0 BATCH_EMULATOR_PORT=22824 BATCH_EMULATOR_DATA=/data HOME=/tmp
VOLUME /data
WORKDIR /data
EXPOSE 22824
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["batch-emulator", "health"]
ENTRYPOINT ["batch-emulator"]
