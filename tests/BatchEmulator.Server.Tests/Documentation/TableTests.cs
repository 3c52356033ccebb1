using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Executors.Process;
using BatchEmulator.Hosting.Control;
using BatchEmulator.Hosting.Logs;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Tests.Documentation;

/// <summary>Tables of the documentation agree with the code.</summary>
public sealed partial class TableTests
{
    private static readonly Page Configuration = new("docs/configuration.md");
    private static readonly Page ControlApi = new("docs/control-api.md");
    private static readonly Page Executors = new("docs/executors.md");
    private static readonly Page JobLife = new("docs/job-life.md");
    private static readonly Page Simulation = new("docs/simulation.md");
    private static readonly Page Supported = new("docs/supported.md");

    public static TheoryData<Type> TabledShapes =>
    [
        typeof(Wire.CreateComputeEnvironmentRequest), typeof(Wire.ComputeResource),
        typeof(Wire.RegisterJobDefinitionRequest), typeof(Wire.ContainerProperties), typeof(Wire.LinuxParameters),
        typeof(Wire.SubmitJobRequest), typeof(Wire.ContainerOverrides), typeof(Wire.SubmitServiceJobRequest),
        typeof(Wire.EcsTaskProperties), typeof(Wire.TaskContainerProperties), typeof(Wire.EksPodProperties), typeof(Wire.EksContainer),
        typeof(Wire.NodeProperties), typeof(Wire.NodeRangeProperty), typeof(Wire.NodeOverrides), typeof(Wire.NodePropertyOverride),
    ];

    [Fact]
    public void Options_are_those_of_the_program()
    {
        var expected =
            from setting in SettingDefinition.All
            let option = setting.IsSwitch ? setting.Option : $"{setting.Option} {setting.Value}"
            select $"| `{option}` | `{setting.Variable}` | {setting.Default} | {setting.Description} |";

        Configuration.Rows("# Configuration").Should().Equal(expected);
    }

    [Fact]
    public void Operations_are_those_of_the_model_and_work_if_registered()
    {
        var registered = OperationRegistry.All.Select(handler => handler.Operation.Name).ToHashSet(StringComparer.Ordinal);
        var expected = Wire.Operations.All.Select(operation => operation.Name).Order(StringComparer.Ordinal)
            .Select(name => $"| `{name}` | {(registered.Contains(name) ? "works" : "refused")} |");

        Supported.Rows("## Operations").Should().Equal(expected);
    }

    [Fact]
    public void Operations_of_CloudWatch_Logs_are_named()
    {
        var sentence = Supported.Between("CloudWatch Logs, on the same port:", "Others are refused");

        Page.CodeIn(sentence).Should().BeEquivalentTo(LogsOperations.All.Select(handler => handler.Operation.Name));
    }

    [Theory]
    [MemberData(nameof(TabledShapes))]
    public void Every_member_of_a_shape_is_in_a_table(Type shape)
    {
        var heading = shape.Name switch
        {
            nameof(Wire.CreateComputeEnvironmentRequest) or nameof(Wire.ComputeResource) => "## Compute environments",
            nameof(Wire.SubmitServiceJobRequest) => "## Service jobs",
            nameof(Wire.RegisterJobDefinitionRequest) => "## Registering a job definition",
            nameof(Wire.SubmitJobRequest) or nameof(Wire.ContainerOverrides) => "## Submitting a job",
            nameof(Wire.ContainerProperties) or nameof(Wire.LinuxParameters) => "## Container properties",
            nameof(Wire.NodeProperties) or nameof(Wire.NodeRangeProperty) => "## Multi-node parallel jobs",
            nameof(Wire.NodeOverrides) or nameof(Wire.NodePropertyOverride) => "## Multi-node parallel jobs",
            _ => "## Multi-container jobs and pods",
        };
        var members = shape.GetProperties().Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name);

        Supported.Rows(heading).Select(row => row.Split('|')[1]).SelectMany(Page.CodeIn).Should().Contain(members);
    }

    [Fact]
    public void State_diagram_has_the_transitions_of_the_state_machine()
    {
        var arrows = Arrow().Matches(JobLife.Section("## States")).Select(match => (match.Groups["from"].Value, match.Groups["to"].Value));
        var transitions = JobStateMachine.Transitions.Concat(JobStateMachine.ServiceJobTransitions);

        arrows.Should().BeEquivalentTo(transitions.Select(transition => (transition.From.Wire(), transition.To.Wire())));
    }

    [Fact]
    public void Variables_that_processes_inherit_are_those_of_the_table()
    {
        var sentence = Executors.Between("Of the server's environment it inherits", ", and nothing else");

        Page.CodeIn(sentence).Should().BeEquivalentTo(JobVariables.OnUnix.Select(variable => variable.Name));
    }

    [Fact]
    public async Task Control_endpoints_answer()
    {
        await using var server = await TestServer.StartAsync(("bootstrap", "true"));
        await server.RegisterAsync("d");
        var job = await server.SubmitAsync("default", "d");
        foreach (var row in ControlApi.Rows("# Control API"))
        {
            var endpoint = Page.CodeIn(row).First().Split(' ');
            endpoint.Should().HaveCount(2, row);
            var (method, path) = (endpoint[0], endpoint[1].Replace("{job}", job, StringComparison.Ordinal));
            path.Should().StartWith(ControlEndpoint.Prefix);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (Page.CodeIn(row).Skip(1).FirstOrDefault() is { } body && body.StartsWith('{') && method != "GET")
            {
                request.Content = new StringContent(body);
            }

            using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.IsSuccessStatusCode.Should().BeTrue(row);
        }
    }

    [Fact]
    public async Task Metrics_are_those_of_the_server()
    {
        const string prefix = "# TYPE batch_emulator_";
        await using var server = await TestServer.StartAsync();
        var lines = (await server.SendAsync(HttpMethod.Get, "/_emulator/metrics")).Body.Split('\n');
        var served = lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line[prefix.Length..].Split(' ')[0]);

        ControlApi.Rows("## Metrics").Select(row => row.Split('|')[1]).SelectMany(Page.CodeIn).Should().Equal(served);
    }

    [Fact]
    public async Task Rules_and_variables_of_simulated_jobs_are_those_that_are_read()
    {
        await using var server = await TestServer.StartAsync();
        var rows = Simulation.Rows("## Outcomes");
        var members = rows.Select(row => Page.CodeIn(row).First()).ToList();
        var variables = rows.Select(row => Page.CodeIn(row).ElementAt(1)).ToList();
        var unknown = (await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", """[{"nope":1}]""")).Body;
        members.Should().OnlyContain(member => unknown.Contains(member, StringComparison.Ordinal));
        variables.Should().Equal(members.Select(member => "SIMULATE_" + Capital().Replace(member, "_$0").ToUpperInvariant()));
    }

    [Theory]
    [InlineData("## Outcomes", "PUT", "/_emulator/outcomes")]
    [InlineData("## The clock", "POST", "/_emulator/clock")]
    public async Task Examples_for_simulated_jobs_are_accepted(string heading, string method, string path)
    {
        await using var server = await TestServer.StartAsync();
        var body = Simulation.Section(heading).Split("-d '")[1].Split('\'')[0];

        (await server.SendAsync(new HttpMethod(method), path, body)).Status.Should().Be(200);
    }

    [Fact]
    public void Example_of_a_configuration_file_has_known_keys()
    {
        using var example = JsonDocument.Parse(Configuration.Between("```json", "```")["```json".Length..]);

        SettingDefinition.All.Select(setting => setting.Name).Should()
            .Contain(example.RootElement.EnumerateObject().Select(member => member.Name));
    }

    [GeneratedRegex("[A-Z]", RegexOptions.NonBacktracking)]
    private static partial Regex Capital();

    [GeneratedRegex(@"^ *(?<from>[A-Z]+) --> (?<to>[A-Z]+)", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
