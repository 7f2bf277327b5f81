"""Applications of the AWS CDK: the cloud assembly that ``cdk synth`` writes, one App for each stack."""
