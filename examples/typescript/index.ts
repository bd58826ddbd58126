// Contoso's gateway: provisioned throughput first, pay-as-you-go when that is used up.
import * as pulumi from "@pulumi/pulumi";
import { AIGateway } from "@platform/apim-ai-gateway";

const config = new pulumi.Config();
const openai = "rg-contoso-openai";

const models = new AIGateway("models", {
    location: config.require("location"),
    resourceGroup: { name: "rg-contoso-gateway" },
    service: { publisherEmail: "ai@contoso.example", publisherName: "Contoso AI", sku: "Standard" },
    backends: [
        { name: "ptu", account: { name: "contoso-ptu-weu", resourceGroup: openai }, priority: 1 },
        {
            name: "payg-swc",
            account: { name: "contoso-payg-swc", resourceGroup: openai },
            priority: 2,
            breaker: { count: 3, interval: "PT30S" },
        },
    ],
    subscriptions: ["chat", "search"],
});

export const endpoint = models.endpoint;
export const keys = models.keys;
