namespace BatchEmulator.Core.Jobs;

/// <summary>Elastic network interfaces of tasks.</summary>
internal static class NetworkInterfaces
{
    public static IReadOnlyList<Wire.NetworkInterface> Of(Job job, string taskArn, string? privateAddress) =>
        privateAddress is not null && job.HasAddress
            ? [new() { AttachmentId = AttachmentId(taskArn), PrivateIpv4Address = privateAddress }]
            : [];

    /// <summary>Returns a UUID derived from the task's id, and equally unique.</summary>
    private static string AttachmentId(string taskArn) => Guid.ParseExact(taskArn[(taskArn.LastIndexOf('/') + 1)..], "N").ToString();
}
