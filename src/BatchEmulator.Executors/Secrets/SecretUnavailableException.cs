using System.Globalization;

namespace BatchEmulator.Executors.Secrets;

/// <summary>A secret is unavailable, which prevents the task from starting.</summary>
/// <param name="service">Name of the service in messages of the ECS agent, <c>asm</c> or <c>ssm</c>.</param>
/// <param name="retries">Number of retries.</param>
/// <param name="failure">The failure.</param>
internal sealed class SecretUnavailableException(string service, int retries, string failure) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"unable to pull secrets or registry auth: execution resource retrieval failed: "
        + $"unable to retrieve secret from {service}: service call has been retried {retries} time(s): {failure}"));
