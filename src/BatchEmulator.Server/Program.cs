using BatchEmulator.Hosting;
using BatchEmulator.Server.Commands;
using BatchEmulator.Server.Composition;
using BatchEmulator.Server.Demo;
using BatchEmulator.Server.Settings;

return await CommandLine.RunAsync(args, ServeAsync, GuidedTour.RunAsync);

static async Task<int> ServeAsync(ServerSettings settings)
{
    await using var server = await EmulatorServer.StartAsync(settings);
    Console.WriteLine($"Batch Emulator {Emulator.Version} listening on {server.Address} (executor {server.ExecutorName}, data {(settings.Ephemeral ? "ephemeral" : settings.Data)})");
    await server.WaitAsync();
    return server.HasFailed ? 1 : 0;
}
