using System.CommandLine;
using System.Net;
using System.Text.Json;
using BatchEmulator.Hosting.Control;

namespace BatchEmulator.Server.Commands;

/// <summary><c>batch-emulator explain JOB</c>: prints why a job of a running server is where it is.</summary>
internal static class ExplainCommand
{
    private const int NotExplained = 1;

    public static Command Create(SettingOptions options)
    {
        var url = new ServerUrl();
        var job = new Argument<string>("JOB") { Description = "Id or ARN of the job" };
        var command = new Command(
            "explain",
            "Asks a running server why a job is where it is: its place in the queue, what it waits for, and when that could change.");
        command.Arguments.Add(job);
        url.AddTo(command);
        command.SetAction(
            options, (settings, _, result, stop) => ExplainAsync(url.Of(result, settings), result.GetValue(job)!, Console.Out, stop));
        return command;
    }

    /// <summary>Writes the explanation of a job.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExplainAsync(Uri server, string job, TextWriter output, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        try
        {
            using var response = await client.GetAsync(
                new Uri(server, $"{ControlEndpoint.Prefix}/explain/{Uri.EscapeDataString(job)}"), cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                await output.WriteLineAsync($"{server} has no job {job}.");
                return NotExplained;
            }

            response.EnsureSuccessStatusCode();
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            var explanation = JsonSerializer.Deserialize(body, ControlJson.Default.JobExplanation)!;
            await output.WriteLineAsync($"{explanation.JobName} ({explanation.JobId}) is {explanation.Status}.");
            foreach (var sentence in explanation.Sentences)
            {
                await output.WriteLineAsync(sentence);
            }

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

        return NotExplained;
    }
}
