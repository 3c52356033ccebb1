using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Demo;

internal static class GuidedTour
{
    public static Task<int> RunAsync(ServerSettings settings) => Task.FromResult(0);
}
