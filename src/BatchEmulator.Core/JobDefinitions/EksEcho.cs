namespace BatchEmulator.Core.JobDefinitions;

/// <summary>A pod as AWS Batch echoes it: absent lists of its containers, and absent volumes, come back empty.</summary>
internal static class EksEcho
{
    public static Wire.EksProperties Of(Wire.EksProperties eks) => eks.PodProperties is not { } pod ? eks : new()
    {
        PodProperties = pod with
        {
            Containers = pod.Containers?.Select(Of).ToList(),
            InitContainers = pod.InitContainers is { Count: > 0 } init ? [.. init.Select(Of)] : null,
            Volumes = pod.Volumes ?? [],
        },
    };

    private static Wire.EksContainer Of(Wire.EksContainer container) => container with
    {
        Args = container.Args ?? [],
        Env = container.Env ?? [],
        VolumeMounts = container.VolumeMounts ?? [],
    };
}
