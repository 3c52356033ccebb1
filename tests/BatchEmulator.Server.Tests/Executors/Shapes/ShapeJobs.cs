using System.Text.Json;

namespace BatchEmulator.Server.Tests.Executors.Shapes;

/// <summary>Courses of an attempt, independent of its executor.</summary>
internal enum Course
{
    /// <summary>Runs until it is stopped.</summary>
    Run,

    /// <summary>Waits in STARTING: for the machine, or because of a variable.</summary>
    Hold,

    Succeed,
    Fail,

    /// <summary>Fails to start: the image cannot be pulled, or the command does not exist.</summary>
    NotStart,
}

/// <summary>Requests for one job of each kind and course; executors differ in values only.</summary>
internal static class ShapeJobs
{
    /// <summary>Kinds of jobs that SubmitJob accepts.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["single", "fargate", "array", "nodes", "task", "pod"];

    private const string NoImage = "localhost:1/no-such-image:1";

    public static string NameOf(string kind, Course course) => $"{kind}-{course}".ToLowerInvariant();

    public static string QueueOf(string kind) => kind switch
    {
        "fargate" => "serverless",
        "pod" => "cluster",
        "service" => "training",
        _ => "work",
    };

    /// <summary>Returns the part of a job that shows most about its course.</summary>
    public static IReadOnlyList<string> PartsOf(string kind, Course course) => kind switch
    {
        "array" => ["", ":0", ":1"],
        // Other nodes may end at any point after the main node.
        "nodes" when course is Course.Run => ["", "#0", "#1"],
        "nodes" => ["", "#0"],
        _ => [""],
    };

    public static string Definition(string kind, Course course, string image)
    {
        var side = course is Course.Run or Course.Hold ? course : Course.Succeed;
        var properties = kind switch
        {
            "fargate" => """
                "type":"container","platformCapabilities":["FARGATE"],"containerProperties":{CONTAINER,FARGATE,"executionRoleArn":"arn:aws:iam::000000000000:role/r"}
                """,
            "nodes" => """
                "type":"multinode","nodeProperties":{"numNodes":2,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"0:","container":{CONTAINER,EC2}}]}
                """,
            "task" => """
                "type":"container","ecsProperties":{"taskProperties":[{"containers":[{"name":"main",CONTAINER,EC2AFTER},{"name":"side","essential":false,SIDE,EC2}]}]}
                """,
            "pod" => """
                "type":"container","eksProperties":{"podProperties":{"containers":[{"name":"main",POD,"resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}}
                """,
            _ => """
                "type":"container","containerProperties":{CONTAINER,EC2}
                """,
        };
        return $"{{\"jobDefinitionName\":\"{NameOf(kind, course)}\",{properties}}}"
            .Replace("CONTAINER", Container(course, image), StringComparison.Ordinal)
            .Replace("SIDE", Container(side, image), StringComparison.Ordinal)
            .Replace(
                "POD", Container(course, image).Replace("\"environment\"", "\"env\"", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("FARGATE,", Resources("0.25", "512") + ",", StringComparison.Ordinal)
            .Replace("AFTER", AfterSide(course), StringComparison.Ordinal)
            .Replace("EC2", Resources("1", "64"), StringComparison.Ordinal);
    }

    public static string Submission(string kind, Course course, string queue)
    {
        var name = NameOf(kind, course);
        return kind == "service"
            ? Requests.ServiceJobOf(
                JsonSerializer.Serialize(new
                {
                    AlgorithmSpecification = new { TrainingImage = ImageOf(course, "IMAGE"), ContainerEntrypoint = CommandOf(course) },
                    Environment = JsonDocument.Parse(Variables(course)).RootElement.EnumerateArray()
                        .ToDictionary(v => v.GetProperty("name").GetString()!, v => v.GetProperty("value").GetString()),
                }),
                name,
                queue)
            : Requests.Job(name, queue, name, kind == "array" ? "\"arrayProperties\":{\"size\":2}" : "");
    }

    private static string Container(Course course, string image) =>
        $"\"image\":\"{ImageOf(course, image)}\",\"command\":{JsonSerializer.Serialize(CommandOf(course))},\"environment\":{Variables(course)}";

    private static string Resources(string vcpus, string memory) =>
        $$"""
        "resourceRequirements":[{"type":"VCPU","value":"{{vcpus}}"},{"type":"MEMORY","value":"{{memory}}"}]
        """;

    /// <summary>The container beside the main one has run, too, when the task has ended.</summary>
    private static string AfterSide(Course course) =>
        course is Course.Succeed or Course.Fail ? ",\"dependsOn\":[{\"containerName\":\"side\",\"condition\":\"START\"}]" : "";

    private static string ImageOf(Course course, string image) => course == Course.NotStart ? NoImage : image;

    private static string[] CommandOf(Course course) => course switch
    {
        Course.Run or Course.Hold => ["sh", "-c", "trap 'exit 143' TERM; sleep 600 & wait"],
        Course.Succeed => ["sh", "-c", "true"],
        Course.Fail => ["sh", "-c", "exit 3"],
        _ => [],
    };

    private static string Variables(Course course)
    {
        var (name, value) = course switch
        {
            Course.Run => ("SIMULATE_RUN_FOR", "600"),
            Course.Hold => ("SIMULATE_HOLD", "STARTING"),
            Course.Fail => ("SIMULATE_EXIT_CODE", "3"),
            Course.NotStart => ("SIMULATE_FAIL_TO_START", "CannotPullContainerError: no such image"),
            _ => ("SIMULATE_EXIT_CODE", "0"),
        };
        return $$"""
            [{"name":"{{name}}","value":"{{value}}"}]
            """;
    }
}
