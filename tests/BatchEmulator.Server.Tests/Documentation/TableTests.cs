using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Executors.Process;
using BatchEmulator.Hosting.Control;
using BatchEmulator.Hosting.Logs;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Tests.Documentation;

/// <summary>The README says what the code does.</summary>
public sealed partial class TableTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Root(), "README.md")).ReplaceLineEndings("\n");

    public static TheoryData<Type> TabledShapes =>
    [
        typeof(Wire.RegisterJobDefinitionRequest), typeof(Wire.ContainerProperties), typeof(Wire.LinuxParameters),
        typeof(Wire.SubmitJobRequest), typeof(Wire.ContainerOverrides), typeof(Wire.EcsTaskProperties), typeof(Wire.TaskContainerProperties),
        typeof(Wire.EksPodProperties), typeof(Wire.EksContainer),
        typeof(Wire.SubmitServiceJobRequest),
        typeof(Wire.NodeProperties), typeof(Wire.NodeRangeProperty), typeof(Wire.NodeOverrides), typeof(Wire.NodePropertyOverride),
    ];

    [Fact]
    public void Options_are_those_of_the_program()
    {
        var expected = SettingDefinition.All.Select(setting =>
            $"| `{setting.Option}{(setting.IsSwitch ? "" : " " + setting.Value)}` | `{setting.Variable}` | {setting.Default} | {setting.Description} |");

        Rows("## Options").Should().Equal(expected);
    }

    [Fact]
    public void Operations_are_those_of_the_model_and_work_if_registered()
    {
        var registered = OperationRegistry.All.Select(handler => handler.Operation.Name).ToHashSet(StringComparer.Ordinal);
        var expected = Wire.Operations.All.Select(operation => operation.Name).Order(StringComparer.Ordinal)
            .Select(name => $"| `{name}` | {(registered.Contains(name) ? "works" : "refused")} |");

        Rows("### Operations").Should().Equal(expected);
    }

    [Fact]
    public void Operations_of_CloudWatch_Logs_are_named()
    {
        var sentence = Text.Split('\n').Single(line => line.StartsWith("CloudWatch Logs, on the same port:", StringComparison.Ordinal));

        Named(sentence).Should().BeEquivalentTo(LogsOperations.All.Select(handler => handler.Operation.Name));
    }

    [Theory]
    [MemberData(nameof(TabledShapes))]
    public void Every_member_of_a_shape_has_its_place_in_a_table(Type shape)
    {
        var heading = shape.Name switch
        {
            nameof(Wire.SubmitServiceJobRequest) => "### Service jobs",
            nameof(Wire.RegisterJobDefinitionRequest) => "### Registering a job definition",
            nameof(Wire.SubmitJobRequest) or nameof(Wire.ContainerOverrides) => "### Submitting a job",
            nameof(Wire.ContainerProperties) or nameof(Wire.LinuxParameters) => "### Container properties",
            nameof(Wire.NodeProperties) or nameof(Wire.NodeRangeProperty) or nameof(Wire.NodeOverrides) or nameof(Wire.NodePropertyOverride) =>
                "### Multi-node parallel jobs",
            _ => "### Multi-container jobs and pods",
        };
        var members = shape.GetProperties().Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name);

        var cells = Section(heading).Split('\n').Where(line => line.StartsWith('|')).Select(row => row.Split('|')[1]);
        cells.SelectMany(Named).Should().Contain(members);
    }

    [Fact]
    public void State_diagram_has_the_arrows_of_the_state_machine()
    {
        var arrows = Arrow().Matches(Section("## The life of a job")).Select(match => (match.Groups["from"].Value, match.Groups["to"].Value));

        arrows.Should().BeEquivalentTo(JobStateMachine.Transitions.Concat(JobStateMachine.ServiceJobTransitions).Select(transition => (transition.From.Wire(), transition.To.Wire())));
    }

    [Fact]
    public void Variables_that_processes_inherit_are_those_of_the_table()
    {
        var start = Text.IndexOf("Of the server's environment it inherits", StringComparison.Ordinal);
        var sentence = Text[start..Text.IndexOf(", and nothing else", start, StringComparison.Ordinal)];

        Named(sentence).Should().BeEquivalentTo(JobVariables.OnUnix.Select(variable => variable.Name));
    }

    [Fact]
    public async Task Control_endpoints_answer()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var row in Rows("## Control endpoints"))
        {
            var (method, path) = Named(row).First().Split(' ') is [var first, var second] ? (first, second) : throw new InvalidOperationException(row);
            path.Should().StartWith(ControlEndpoint.Prefix);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (Named(row).Skip(1).FirstOrDefault() is { } body && body.StartsWith('{') && method != "GET")
            {
                request.Content = new StringContent(body);
            }

            using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.IsSuccessStatusCode.Should().BeTrue(row);
        }
    }

    [Fact]
    public async Task Rules_and_variables_of_simulated_jobs_are_those_that_are_read()
    {
        await using var server = await TestServer.StartAsync();
        var members = Rows("### Simulated jobs").Select(row => Named(row).First()).ToList();
        var variables = Rows("### Simulated jobs").Select(row => Named(row).ElementAt(1)).ToList();
        var unknown = (await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", """[{"nope":1}]""")).Body;
        members.Should().OnlyContain(member => unknown.Contains(member, StringComparison.Ordinal));
        variables.Should().Equal(members.Select(member => "SIMULATE_" + Capital().Replace(member, "_$0").ToUpperInvariant()));

        var example = Section("### Simulated jobs");
        var rules = example[(example.IndexOf("-d '", StringComparison.Ordinal) + 4)..];
        (await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", rules[..rules.IndexOf('\'')])).Status.Should().Be(200);
    }

    /// <summary>The rows of the first table below a heading, without its head.</summary>
    private static List<string> Rows(string heading) =>
        [.. Section(heading).Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)];

    private static string Section(string heading)
    {
        var start = Text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        start.Should().BePositive($"README.md has a section \"{heading}\"");
        var end = Text.IndexOf("\n#", start + heading.Length, StringComparison.Ordinal);
        return end < 0 ? Text[start..] : Text[start..end];
    }

    private static IEnumerable<string> Named(string text) => Code().Matches(text).Select(match => match.Groups["code"].Value);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BatchEmulator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex("[A-Z]", RegexOptions.NonBacktracking)]
    private static partial Regex Capital();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    [GeneratedRegex(@"^ *(?<from>[A-Z]+) --> (?<to>[A-Z]+)", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
