using System.Globalization;

namespace BatchEmulator.Executors.Secrets;

/// <summary>A secret cannot be had, which keeps the task from starting.</summary>
/// <param name="service">As the ECS agent calls it, <c>asm</c> or <c>ssm</c>.</param>
/// <param name="retries">How often it was asked again.</param>
/// <param name="failure">What came back.</param>
internal sealed class SecretUnavailableException(string service, int retries, string failure) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"unable to pull secrets or registry auth: execution resource retrieval failed: "
        + $"unable to retrieve secret from {service}: service call has been retried {retries} time(s): {failure}"));
