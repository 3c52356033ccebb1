using System.CommandLine;
using BatchEmulator.Server.Demo;

namespace BatchEmulator.Server.Commands;

/// <summary><c>batch-emulator demo</c>: a guided first run.</summary>
internal static class DemoCommand
{
    public static Command Create(SettingOptions options)
    {
        var once = new Option<bool>("--once") { Description = "End after the tour instead of leaving the server running" };
        var command = new Command(
            "demo",
            "A guided first run: creates an environment, a queue and definitions, submits jobs, shows them live, and leaves the "
            + "server running. Keeps nothing unless --data is given, and takes a free port if the default one is in use.");
        command.Options.Add(once);
        command.SetAction(
            options,
            (settings, source, result, stop) =>
                GuidedTour.RunAsync(settings, new TourOptions(result.GetValue(once), source.IsGiven), stop));
        return command;
    }
}
