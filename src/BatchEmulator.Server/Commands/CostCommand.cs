using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BatchEmulator.Hosting.Control;

namespace BatchEmulator.Server.Commands;

/// <summary><c>batch-emulator cost</c>: prints what the jobs of a running server would have cost on AWS.</summary>
internal static class CostCommand
{
    private const int NotRead = 1;
    private const int DefaultJobs = 10;

    public static Command Create(SettingOptions options)
    {
        var url = new ServerUrl();
        var jobs = new Option<int>("--jobs")
        {
            Description = "Number of jobs to list, the most expensive first",
            HelpName = "NUMBER",
            DefaultValueFactory = _ => DefaultJobs,
        };
        jobs.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !IsNumberOfJobs(token.Value))
            {
                result.AddError($"--jobs must be a whole number from 0 to {CostEndpoint.MaximumJobs}, got \"{token.Value}\".");
            }
        });
        var command = new Command(
            "cost", "Asks a running server for the estimated cost of what has run: instances, environments, queues, shares and jobs.");
        command.Options.Add(jobs);
        url.AddTo(command);
        command.SetAction(
            options, (settings, _, result, stop) => PrintAsync(url.Of(result, settings), result.GetValue(jobs), Console.Out, stop));
        return command;
    }

    /// <summary>Writes the cost.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> PrintAsync(Uri server, int jobs, TextWriter output, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{ControlEndpoint.Prefix}/cost?jobs={jobs}");
            using var response = await client.GetAsync(new Uri(server, path), cancellationToken);
            response.EnsureSuccessStatusCode();
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            await CostText.WriteAsync(JsonSerializer.Deserialize(body, ControlJson.Default.CostReport)!, output);
            return 0;
        }
        catch (HttpRequestException exception)
        {
            await output.WriteLineAsync($"{server} does not answer: {exception.Message}");
        }
        catch (JsonException)
        {
            await output.WriteLineAsync($"{server} is not a Batch Emulator.");
        }

        return NotRead;
    }

    private static bool IsNumberOfJobs(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) && jobs <= CostEndpoint.MaximumJobs;
}
