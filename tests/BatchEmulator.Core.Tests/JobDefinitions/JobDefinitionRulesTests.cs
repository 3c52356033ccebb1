namespace BatchEmulator.Core.Tests.JobDefinitions;

/// <summary>Type and property blocks (docs/aws-behaviour.md, section 5.3).</summary>
[Trait("Section", "5.3")]
public sealed class JobDefinitionRulesTests
{
    private readonly Emulation _emulation = new();

    [Theory]
    [AwsRule("5.3", Evidence.Live, "the name", "Job definition name should match a valid pattern.")]
    [InlineData("""{"jobDefinitionName":"a.b"}""", "Job definition name should match a valid pattern.")]
    [InlineData("""{"jobDefinitionName":""}""", "Job definition name should match a valid pattern.")]
    [AwsRule("5.3", Evidence.Live, "type container without properties, or without an image", "ECS Container Image must be provided.")]
    [InlineData("""{"containerProperties":null}""", "ECS Container Image must be provided.")]
    [InlineData("""{"containerProperties":{"image":null}}""", "ECS Container Image must be provided.")]
    [AwsRule("5.3", Evidence.Live, "container and ecs", "Cannot use both ECS containerProperties and ecsProperties")]
    [InlineData("""{"ecsProperties":{"taskProperties":[{"containers":[{"image":"i","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}]}]}}""", "Cannot use both ECS containerProperties and ecsProperties")]
    [AwsRule("5.3", Evidence.Live, "container and eks", "Cannot use both ECS containerProperties and eksProperties")]
    [InlineData("""{"eksProperties":{}}""", "Cannot use both ECS containerProperties and eksProperties")]
    [AwsRule("5.3", Evidence.Live, "ecs and eks", "Cannot use both ecsProperties and eksProperties")]
    [InlineData("""{"containerProperties":null,"ecsProperties":{"taskProperties":[{"containers":[{"image":"i","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}]}]},"eksProperties":{}}""", "Cannot use both ecsProperties and eksProperties")]
    [AwsRule("5.3", Evidence.Live, "multinode without nodeProperties", "Node properties of multinode job is required.")]
    [InlineData("""{"type":"multinode","containerProperties":null}""", "Node properties of multinode job is required.")]
    [AwsRule("5.3", Evidence.Live, "multinode on Fargate", "Fargate does not support MNP jobs")]
    [InlineData("""{"type":"multinode","platformCapabilities":["FARGATE"]}""", "Fargate does not support MNP jobs")]
    [AwsRule("5.3", Evidence.Live, "more than one capability", "Exactly 1 capability must be provided.")]
    [InlineData("""{"platformCapabilities":["EC2","FARGATE"]}""", "Exactly 1 capability must be provided.")]
    [AwsRule("5.3", Evidence.Live, "containerProperties on managed instances", "Cannot use ECS containerProperties for MANAGED_INSTANCES")]
    [InlineData("""{"platformCapabilities":["MANAGED_INSTANCES"]}""", "Cannot use ECS containerProperties for MANAGED_INSTANCES")]
    [AwsRule("5.3", Evidence.Live, "another platform than LINUX on managed instances",
        "runtimePlatform for MANAGED_INSTANCES only supports LINUX operatingSystemFamily, provided <f>.")]
    [InlineData("""{"platformCapabilities":["MANAGED_INSTANCES"],"containerProperties":null,"ecsProperties":{"taskProperties":[{"containers":[],"runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2019_CORE"}}]}}""", "runtimePlatform for MANAGED_INSTANCES only supports LINUX operatingSystemFamily, provided WINDOWS_SERVER_2019_CORE.")]
    [AwsRule("5.3", Evidence.Live, "unknown capability",
        "Capability <X> is not valid. Valid capabilities: [FARGATE, EC2, MANAGED_INSTANCES]")]
    [InlineData("""{"platformCapabilities":["LAMBDA"]}""", "Capability LAMBDA is not valid. Valid capabilities: [FARGATE, EC2, MANAGED_INSTANCES]")]
    [AwsRule("5.3", Evidence.Live, "priority not 0 to 9999", "Scheduling priority must be between 0 and 9999.")]
    [InlineData("""{"schedulingPriority":-1}""", "Scheduling priority must be between 0 and 9999.")]
    [InlineData("""{"schedulingPriority":10000}""", "Scheduling priority must be between 0 and 9999.")]
    [AwsRule("5.3", Evidence.Live, "timeout below 60", "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [InlineData("""{"timeout":{"attemptDurationSeconds":0}}""", "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [InlineData("""{"timeout":{"attemptDurationSeconds":59}}""", "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [AwsRule("5.3", Evidence.Live, "retry strategy without attempts", "RetryAttempts must be provided with retry strategy.")]
    [InlineData("""{"retryStrategy":{}}""", "RetryAttempts must be provided with retry strategy.")]
    [InlineData("""{"retryStrategy":{"evaluateOnExit":[{"action":"exit","onExitCode":"1"}]}}""", "RetryAttempts must be provided with retry strategy.")]
    [AwsRule("5.3", Evidence.Live, "attempts not 1 to 10", "RetryAttempts must be between 1 and 10.")]
    [InlineData("""{"retryStrategy":{"attempts":0}}""", "RetryAttempts must be between 1 and 10.")]
    [InlineData("""{"retryStrategy":{"attempts":11}}""", "RetryAttempts must be between 1 and 10.")]
    [AwsRule("5.3", Evidence.Live, "a condition that names nothing",
        "EvaluateOnExit should contain at least one of onExitCode, onReason or onStatusReason")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"exit"}]}}""", "EvaluateOnExit should contain at least one of onExitCode, onReason or onStatusReason")]
    [AwsRule("5.3", Evidence.Live,
        "onExitCode with other than digits and a final `*`; the reasons with other than letters, digits, `.`, `:`, white space (DOC)",
        "Evaluate on exit condition contains restricted characters.")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"exit","onExitCode":"1a"}]}}""", "Evaluate on exit condition contains restricted characters.")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"exit","onExitCode":"*1"}]}}""", "Evaluate on exit condition contains restricted characters.")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"exit","onReason":"a*b"}]}}""", "Evaluate on exit condition contains restricted characters.")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"exit","onStatusReason":"Host EC2 (*"}]}}""", "Evaluate on exit condition contains restricted characters.")]
    public void Register_refuses_in_the_words_of_aws(string change, string text)
    {
        this.Invoking(t => t.Register(change)).Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(e => e.IsWrapped && e.Message == text);
        _emulation.State.FindDefinitions(Emulation.Scope, "d").Should().BeNull();
    }

    [Theory]
    [AwsRule("5.3", Evidence.Infer, "what lies within the limits is accepted")]
    [InlineData("""{"platformCapabilities":["EC2"]}""")]
    [InlineData("""{"platformCapabilities":["MANAGED_INSTANCES"],"containerProperties":null,"ecsProperties":{"taskProperties":[{"containers":[{"image":"i","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}],"runtimePlatform":{"operatingSystemFamily":"LINUX","cpuArchitecture":"ARM64"}}]}}""")]
    [InlineData("""{"schedulingPriority":0}""")]
    [InlineData("""{"schedulingPriority":9999}""")]
    [InlineData("""{"timeout":{"attemptDurationSeconds":60}}""")]
    [InlineData("""{"retryStrategy":{"attempts":1}}""")]
    [InlineData("""{"retryStrategy":{"attempts":10,"evaluateOnExit":[{"action":"RETRY","onStatusReason":"Host EC2*"},{"action":"Exit","onReason":"*"},{"action":"exit","onExitCode":"13*"},{"action":"exit","onReason":"CannotPullContainerError:\t2.5*"},{"action":"exit","onExitCode":"1","onReason":"a","onStatusReason":"b"}]}}""")]
    public void Register_accepts_values_within_the_limits(string change) => this.Invoking(t => t.Register(change)).Should().NotThrow();

    [Fact]
    [AwsRule("5.3", Evidence.Live, "a condition beyond 512 characters", "Evaluate on exit condition cannot exceed 512 characters.")]
    public void Condition_beyond_512_characters_is_refused()
    {
        string Condition(int length) => """{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"exit","onReason":"TEXT"}]}}""".Replace("TEXT", new string('x', length));

        Register(Condition(512));
        this.Invoking(t => t.Register(Condition(513))).Should().Throw<ClientException>()
            .WithMessage("Evaluate on exit condition cannot exceed 512 characters.");
    }

    [Fact]
    [AwsRule("5.3", Evidence.Live, "more than 5 conditions", "Up to 5 evaluateOnExit condition can be specified.")]
    public void More_than_five_conditions_are_refused()
    {
        string Conditions(int count) => """{"retryStrategy":{"attempts":2,"evaluateOnExit":[LIST]}}"""
            .Replace("LIST", string.Join(',', Enumerable.Repeat("""{"action":"exit","onExitCode":"1"}""", count)));

        Register(Conditions(5));
        this.Invoking(t => t.Register(Conditions(6))).Should().Throw<ClientException>()
            .WithMessage("Up to 5 evaluateOnExit condition can be specified.");
    }

    private void Register(string change) =>
        _emulation.Call(Wire.Operations.RegisterJobDefinition, Json.Patched(Requests.Definition(), change));
}
