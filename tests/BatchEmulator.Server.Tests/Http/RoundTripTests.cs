using System.Text.Json;
using System.Text.Json.Nodes;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>The output of a describe operation can be sent back to create the resource again, with the same result.</summary>
public sealed class RoundTripTests : IAsyncLifetime
{
    private const int DefinitionsPerSeed = 100;

    private static readonly string[] IdentityOfDefinition = ["jobDefinitionArn", "revision"];

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(("resource-delay", "0"));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Generated_definition_is_registered_again_from_its_description(int seed)
    {
        var definitions = new GeneratedDefinitions(new Random(seed));
        for (var number = 0; number < DefinitionsPerSeed; number++)
        {
            var name = $"d{number}";
            var given = definitions.Next(name).ToJsonString();
            await AcceptedAsync("RegisterJobDefinition", given);
            var first = await DefinitionAsync(name, revision: 1);

            await AcceptedAsync("RegisterJobDefinition", first.ToJsonString());

            Without(await DefinitionAsync(name, revision: 2), IdentityOfDefinition).Should()
                .Be(Without(first, IdentityOfDefinition), "seed {0} gave {1}", seed, given);
        }
    }

    [Theory]
    [InlineData("""{"type":"MANAGED","computeResources":{"type":"EC2","minvCpus":0,"maxvCpus":4,"instanceTypes":["optimal"],"instanceRole":"r","subnets":["s"],"securityGroupIds":["g"]}}""")]
    [InlineData("""{"type":"MANAGED","serviceRole":"own","tags":{"a":"b"},"state":"DISABLED","context":"c","computeResources":{"type":"EC2","allocationStrategy":"BEST_FIT_PROGRESSIVE","minvCpus":1,"maxvCpus":4,"desiredvCpus":2,"instanceTypes":["m5","c5.large"],"instanceRole":"r","subnets":["s"],"launchTemplate":{"launchTemplateId":"lt-1","version":"$Latest"},"ec2KeyPair":"k","placementGroup":"p","imageId":"ami-1","tags":{"x":"y"},"ec2Configuration":[{"imageType":"ECS_AL2023"}],"scalingPolicy":{"minScaleDownDelayMinutes":20}}}""")]
    [InlineData("""{"type":"MANAGED","computeResources":{"type":"SPOT","allocationStrategy":"SPOT_PRICE_CAPACITY_OPTIMIZED","bidPercentage":60,"minvCpus":0,"maxvCpus":4,"instanceTypes":["optimal"],"instanceRole":"r","subnets":["s"],"securityGroupIds":[],"launchTemplate":{"launchTemplateName":"n","overrides":[]}}}""")]
    [InlineData("""{"type":"MANAGED","computeResources":{"type":"FARGATE","maxvCpus":4,"subnets":["s"],"securityGroupIds":["g"]}}""")]
    [InlineData("""{"type":"MANAGED","computeResources":{"type":"FARGATE_SPOT","maxvCpus":4,"subnets":["s"],"securityGroupIds":["g"],"tags":{},"instanceTypes":[]}}""")]
    [InlineData("""{"type":"MANAGED","eksConfiguration":{"eksClusterArn":"arn:aws:eks:us-east-1:123456789012:cluster/c","kubernetesNamespace":"n"},"computeResources":{"type":"EC2","allocationStrategy":"BEST_FIT_PROGRESSIVE","minvCpus":0,"maxvCpus":4,"instanceTypes":["optimal"],"instanceRole":"r","subnets":["s"],"securityGroupIds":["g"]}}""")]
    [InlineData("""{"type":"UNMANAGED","serviceRole":"own","unmanagedvCpus":8}""")]
    public Task Environment_is_created_again_from_its_description(string given) => IsMadeAgainAsync(
        "ComputeEnvironment", "computeEnvironments", "computeEnvironmentName", given, ["computeEnvironmentArn", "ecsClusterArn", "uuid"]);

    [Theory]
    [InlineData("""{"priority":1,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"ce"}]}""")]
    [InlineData("""{"priority":0,"state":"DISABLED","jobQueueType":"ECS","tags":{"a":"b"},"schedulingPolicyArn":"arn:aws:batch:us-east-1:000000000000:scheduling-policy/p","computeEnvironmentOrder":[{"order":5,"computeEnvironment":"ce"},{"order":2,"computeEnvironment":"other"}],"jobStateTimeLimitActions":[{"reason":"r","state":"RUNNABLE","maxTimeSeconds":600,"action":"CANCEL"}]}""")]
    [InlineData("""{"priority":1,"jobQueueType":"SAGEMAKER_TRAINING","serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"se"}]}""")]
    public async Task Queue_is_created_again_from_its_description(string given)
    {
        await AcceptedAsync("CreateComputeEnvironment", Requests.ComputeEnvironment("ce", 4));
        await AcceptedAsync("CreateComputeEnvironment", Requests.ComputeEnvironment("other", 4));
        await AcceptedAsync("CreateServiceEnvironment", Requests.ServiceEnvironment("se", 1));
        await AcceptedAsync("CreateSchedulingPolicy", """{"name":"p"}""");

        await IsMadeAgainAsync("JobQueue", "jobQueues", "jobQueueName", given, ["jobQueueArn"]);
    }

    [Theory]
    [InlineData("""{"serviceEnvironmentType":"SAGEMAKER_TRAINING","capacityLimits":[{"capacityUnit":"NUM_INSTANCES","maxCapacity":3}]}""")]
    [InlineData("""{"serviceEnvironmentType":"SAGEMAKER_TRAINING","state":"DISABLED","tags":{"a":"b"},"capacityLimits":[{"capacityUnit":"ml.m5.large","maxCapacity":3},{"capacityUnit":"ml.g5.xlarge","maxCapacity":1}]}""")]
    public Task Service_environment_is_created_again_from_its_description(string given) =>
        IsMadeAgainAsync("ServiceEnvironment", "serviceEnvironments", "serviceEnvironmentName", given, ["serviceEnvironmentArn"]);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"fairsharePolicy":{}}""")]
    [InlineData("""{"tags":{"a":"b"},"fairsharePolicy":{"shareDecaySeconds":60,"computeReservation":5,"shareDistribution":[{"shareIdentifier":"a*","weightFactor":0.5},{"shareIdentifier":"b"}]}}""")]
    [InlineData("""{"quotaSharePolicy":{"idleResourceAssignmentStrategy":"FIFO"}}""")]
    public async Task Policy_is_created_again_from_its_description(string given)
    {
        async Task<JsonObject> CreateAsync(JsonObject request, string name)
        {
            request["name"] = name;
            var arn = (await AcceptedAsync("CreateSchedulingPolicy", request.ToJsonString())).GetProperty("arn").GetString();
            var shown = await _server.OkAsync("DescribeSchedulingPolicies", $$"""{"arns":["{{arn}}"]}""");
            return JsonNode.Parse(shown.GetProperty("schedulingPolicies")[0].GetRawText())!.AsObject();
        }

        var first = await CreateAsync(JsonNode.Parse(given)!.AsObject(), "first");
        var second = await CreateAsync(first.DeepClone().AsObject(), "second");

        Without(second, ["name", "arn"]).Should().Be(Without(first, ["name", "arn"]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"totalQuantity":5,"resourceType":"NON_REPLENISHABLE","tags":{"a":"b"}}""")]
    public async Task Consumable_resource_is_created_again_from_its_description(string given)
    {
        async Task<JsonObject> CreateAsync(JsonObject request, string name)
        {
            request["consumableResourceName"] = name;
            await AcceptedAsync("CreateConsumableResource", request.ToJsonString());
            return JsonNode.Parse((await _server.OkAsync("DescribeConsumableResource", $$"""{"consumableResource":"{{name}}"}""")).GetRawText())!.AsObject();
        }

        var first = await CreateAsync(JsonNode.Parse(given)!.AsObject(), "first");
        var second = await CreateAsync(first.DeepClone().AsObject(), "second");

        string[] identity = ["consumableResourceName", "consumableResourceArn", "createdAt"];
        Without(second, identity).Should().Be(Without(first, identity));
    }

    /// <summary>Creates a resource, and another from its description: they differ in their names only.</summary>
    private async Task IsMadeAgainAsync(string kind, string list, string nameMember, string given, string[] identity)
    {
        async Task<JsonObject> CreateAsync(JsonObject request, string name)
        {
            request[nameMember] = name;
            await AcceptedAsync($"Create{kind}", request.ToJsonString());
            var shown = await _server.OkAsync($"Describe{kind}s", $$"""{"{{list}}":["{{name}}"]}""");
            shown.GetProperty(list)[0].GetProperty("status").GetString().Should().Be("VALID", "the delay is 0");
            return JsonNode.Parse(shown.GetProperty(list)[0].GetRawText())!.AsObject();
        }

        var first = await CreateAsync(JsonNode.Parse(given)!.AsObject(), "first");
        var second = await CreateAsync(first.DeepClone().AsObject(), "second");

        Without(second, [nameMember, .. identity]).Should().Be(Without(first, [nameMember, .. identity]));
    }

    private async Task<JsonElement> AcceptedAsync(string operation, string request)
    {
        var reply = await _server.CallAsync(operation, request);
        reply.Status.Should().Be(200, "{0} takes {1}, but says {2}", operation, request, reply.Body);
        return reply.Json;
    }

    private async Task<JsonObject> DefinitionAsync(string name, int revision)
    {
        var shown = await _server.OkAsync("DescribeJobDefinitions", $$"""{"jobDefinitions":["{{name}}:{{revision}}"]}""");
        return JsonNode.Parse(shown.GetProperty("jobDefinitions")[0].GetRawText())!.AsObject();
    }

    private static string Without(JsonObject shown, IEnumerable<string> members)
    {
        var copy = shown.DeepClone().AsObject();
        foreach (var member in members)
        {
            copy.Remove(member);
        }

        return copy.ToJsonString();
    }
}
